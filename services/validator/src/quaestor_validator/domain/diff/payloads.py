"""Changes of example payloads: other values, more members, or members gone and retyped."""

from collections.abc import Iterator
from typing import Any

from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.json_patch import encoded
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness

__all__ = ["payload_changes"]

_TYPES = {str: "text", bool: "true or false", dict: "an object", list: "a list", type(None): "null"}


def payload_changes(before: At, after: At, api: str) -> Iterator[Change]:
    """Compare the example payloads of one API, method by method."""
    olds, news = before.part("payload_examples"), after.part("payload_examples")
    for method in olds.value:
        if method not in news.value:
            message = f"{cut(api)} shows no example for {cut(method)} any more"
            yield change("diff/example-changed", message, olds.part(method), None)
    for method in news.value:
        if method not in olds.value:
            message = f"{cut(api)} shows an example for {cut(method)}"
            yield change("diff/example-changed", message, None, news.part(method))
            continue
        old, new = olds.part(method), news.part(method)
        example = _witness(api, method, old.value)
        yield from _compare(old, new, f"the example of {cut_key(method)} {cut(api)}", example)


def _compare(before: At, after: At, told: str, example: Witness) -> Iterator[Change]:
    """Compare two payloads from the outside in; lists item by item, for their order may count."""
    if encoded(before.value) == encoded(after.value):
        return
    if isinstance(before.value, dict) and isinstance(after.value, dict):
        yield from _objects(before, after, told, example)
    elif isinstance(before.value, list) and isinstance(after.value, list):
        for index in range(max(len(before.value), len(after.value))):
            both = _item(before, index), _item(after, index)
            if both[0] is not None and both[1] is not None:
                yield from _compare(both[0], both[1], told, example)
            else:
                more = "more" if both[0] is None else "fewer"
                yield change("diff/example-changed", f"{told} has {more} items", *both)
    elif _kind(before.value) == _kind(after.value):
        yield change("diff/example-changed", f"{told} shows another value", before, after)
    else:
        message = f"{told} has {_kind(after.value)} where it had {_kind(before.value)}"
        yield change("diff/example-narrowed", message, before, after, witness=example)


def _objects(before: At, after: At, told: str, example: Witness) -> Iterator[Change]:
    for key in before.value:
        if key not in after.value:
            message = f"{told} has no {cut(key)} any more"
            at = before.part(key)
            yield change("diff/example-narrowed", message, at, None, witness=example)
        else:
            yield from _compare(before.part(key), after.part(key), told, example)
    for key in after.value:
        if key not in before.value:
            message = f"{told} has another member, {cut(key)}"
            yield change("diff/example-extended", message, None, after.part(key))


def _item(at: At, index: int) -> At | None:
    return at.part(index) if index < len(at.value) else None


def _kind(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return _TYPES.get(type(value), "a number")


def _witness(api: str, method: str, payload: Any) -> Witness:  # noqa: ANN401 - a JSON value
    return witness(
        WitnessKind.REQUEST,
        f"{cut_key(method)} {cut_key(api)} with the payload that was shown",
        {"method": method, "api": api, "payload": payload},
        "it has the form of the example",
        "it has not",
    )
