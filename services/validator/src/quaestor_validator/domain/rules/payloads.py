"""Example payloads must fit what their API offers and what the entities hold, and be harmless."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from quaestor_shared.contracts.artifact import Method
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.payloads import member_names, places_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Options, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.patches import rename_member
from quaestor_validator.domain.secrets import secrets_in
from quaestor_validator.domain.words import folded_all, listed, singular, tokens

__all__ = ["RULES", "UnknownFieldOptions"]

# What messages carry beside the data of entities.
_ENVELOPE = listed(
    "data, item, items, result, results, list, meta, links, next, prev, previous, "
    "self, page, pages, page_size, per_page, limit, offset, total, count, cursor, "
    "sort, order, filter, query, q, pagination, has_more, success, status, ok, error, "
    "errors, code, message, detail, details, field, type, value, id, ids, version, "
    "etag, correlation_id, request_id, trace_id, idempotency_key, timestamp, "
    "created_at, updated_at, deleted_at, next_cursor, prev_cursor, next_page, prev_page, "
    "next_page_token, page_token, rank"
)
_SECRET_ENDS = frozenset(("password", "passwd", "pwd", "passphrase", "secret", "cvv", "cvc", "pin"))
_HASHES = frozenset(("hash", "salt", "hashed", "digest"))


class UnknownFieldOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ignore`: more names that a payload may have and no entity has."""

    ignore: tuple[str, ...] = ()


def examples_without_method(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find example payloads for methods that the API does not have."""
    for i, api in enumerate(design.artifact.apis.internal):
        if api.payload_examples.keys() <= set(api.methods):
            continue
        methods = list(dict.fromkeys(method.value for method in api.methods))
        nearest = Nearest(methods)
        for name in api.payload_examples:
            if name in methods:
                continue
            meant = nearest.to(name)
            path = ("apis", "internal", i, "payload_examples", name)
            free = meant is not None and meant not in api.payload_examples
            yield Issue(
                path=path,
                message=f"{cut(api.name)} has an example for {cut(name)}, and no such method",
                expected=f"one of {', '.join(methods)}" if methods else "no example",
                actual=cut(name),
                fix=f'did you mean "{meant}"?'
                if meant
                else "add the method to `methods`, or remove the example",
                did_you_mean=meant,
                patch=rename_member(path, meant) if meant and free else (),
                safe=free and name.upper() == meant,
                key=True,
            )


def examples_without_body(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find example payloads for HEAD, whose requests and answers have no content."""
    for i, api in enumerate(design.artifact.apis.internal):
        if api.payload_examples.get(Method.HEAD) not in (None, {}, [], ""):
            yield Issue(
                path=("apis", "internal", i, "payload_examples", Method.HEAD.value),
                message=f"{cut(api.name)} has an example for HEAD, which carries no content",
                expected="no example for HEAD",
                fix="move the example to GET, or remove it",
                key=True,
            )


def credentials(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find values in example payloads that look like secrets. They are never shown."""
    for i, api in enumerate(design.artifact.apis.internal):
        root = ("apis", "internal", i, "payload_examples")
        for path, what in secrets_in(api.payload_examples):
            yield Issue(
                path=(*root, *path),
                message=f"an example payload of {cut(api.name)} has what looks like {what}",
                expected="a placeholder, such as `<token>`",
                fix="put a placeholder there; if the secret was ever real, revoke it",
            )


def unknown_fields(design: Design, options: UnknownFieldOptions) -> Iterator[Issue]:
    """Find members of example payloads that are no field of any entity, nor an entity.

    Names are compared without case, `_`, `-` and a plural's ending; what an envelope carries
    (`data`, `page`, `error`) is known.
    """
    apis = design.artifact.apis.internal
    names = design.examples.names - design.fields.distinct
    names.difference_update(_ENVELOPE, options.ignore)
    unknown = _unknown_names(design, names, options.ignore) if names else set()
    nearest: Nearest | None = None
    for i, api in enumerate(apis if unknown else ()):
        for path, name in places_of(unknown, api.payload_examples, depth=1):
            nearest = nearest or Nearest(design.fields.distinct)
            yield _unknown_field(("apis", "internal", i, "payload_examples", *path), name, nearest)


def _unknown_field(path: Path, name: str, nearest: Nearest) -> Issue:
    meant = nearest.to(name)
    return Issue(
        path=path,
        message=f"`{cut_key(name)}` is no field of any entity",
        expected="a field of an entity",
        actual=cut(name),
        fix=f"did you mean {cut(meant)}?"
        if meant
        else "add the field to its entity, unless it is worked out and never stored",
        did_you_mean=meant,
        key=True,
    )


def _unknown_names(design: Design, names: set[str], ignored: tuple[str, ...]) -> set[str]:
    known = set(folded_all([*design.fields.distinct, *_ENVELOPE, *ignored]))
    known.update(design.entity_folds)
    known.update(f"{fold}id" for fold in design.entity_folds)
    folds = zip(names, folded_all(list(names)), strict=True)
    return {name for name, fold in folds if known.isdisjoint((fold, singular(fold), f"{fold}s"))}


def exposed_secrets(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find examples of answers to GET that show a password or a secret, also as a hash."""
    for i, api in enumerate(design.artifact.apis.internal):
        example: Any = api.payload_examples.get(Method.GET)
        if example is None:
            continue
        shown = {name for name in set(member_names(example)) if _is_secret(name)}
        for path, name in places_of(shown, example):
            yield Issue(
                path=("apis", "internal", i, "payload_examples", Method.GET.value, *path),
                message=f"{cut(api.name)} answers GET with `{cut_key(name)}`",
                expected="an answer without it",
                fix="leave it out of the answer: nobody who may read needs it",
                key=True,
            )


def _is_secret(name: str) -> bool:
    words = tokens(name)
    return any(word in _SECRET_ENDS for word in words[-1:]) or (
        not _HASHES.isdisjoint(words) and not _SECRET_ENDS.isdisjoint(words)
    )


RULES = (
    Rule(
        code="apis/payload-method",
        severity=Severity.ERROR,
        title="An example payload belongs to a method of its API",
        check=examples_without_method,
        needs=attrgetter("examples.keys"),
    ),
    Rule(
        code="apis/bodyless-example",
        severity=Severity.WARN,
        title="There is no example for a method without content",
        check=examples_without_body,
        needs=attrgetter("examples.of_head"),
    ),
    Rule(
        code="apis/credentials-in-example",
        severity=Severity.ERROR,
        title="An example payload has no credentials in it",
        check=credentials,
        needs=attrgetter("examples.may_have_secrets"),
    ),
    Rule(
        code="apis/unknown-field",
        severity=Severity.INFO,
        title="A member of an example payload is a field of an entity",
        check=unknown_fields,
        needs=attrgetter("examples.keys"),
        options=UnknownFieldOptions(),
    ),
    Rule(
        code="apis/exposed-secret",
        severity=Severity.WARN,
        title="An answer does not show a password",
        check=exposed_secrets,
        needs=attrgetter("examples.of_get"),
    ),
)
