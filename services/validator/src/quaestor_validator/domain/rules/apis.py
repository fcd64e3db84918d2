"""What an internal API offers: methods that fit together, and calls that can be repeated."""

import re
from collections.abc import Iterator
from operator import attrgetter

from quaestor_shared.contracts.artifact import Method
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.patches import drop_item
from quaestor_validator.domain.rules.vocabulary import HARMLESS_TWICE

__all__ = ["RULES"]

_MOST_RELATED = 10
_VERSION = re.compile(r"/v[0-9]{1,3}(?:\.[0-9]{1,3})?(?:/|$)", re.IGNORECASE)


def no_methods(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find internal APIs that answer no method."""
    for i, api in enumerate(design.artifact.apis.internal):
        if not api.methods:
            yield Issue(
                path=("apis", "internal", i, "methods"),
                message=f"{cut(api.name)} answers no method, so nobody can call it",
                expected="at least one method",
                actual="[]",
                fix="name its methods, or leave the API out",
            )


def repeated_methods(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find methods that an API lists twice."""
    for i, api in enumerate(design.artifact.apis.internal):
        if len(set(api.methods)) == len(api.methods):
            continue
        for j, method in enumerate(api.methods):
            if method in api.methods[:j]:
                path = ("apis", "internal", i, "methods", j)
                yield Issue(
                    path=path,
                    message=f"{cut(api.name)} lists {method.value} twice",
                    expected="each once",
                    actual=cut(method.value),
                    fix="leave out one of the two",
                    patch=drop_item(path, method.value),
                    safe=True,
                )


def no_idempotency(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find, once in a design, that nothing tells what a POST that is sent again does.

    RFC 9110, 9.2.2: a client repeats PUT and DELETE without a thought, POST and PATCH not.
    """
    if design.speaks_of(HARMLESS_TWICE):
        return
    unsafe = [
        ("apis", "internal", i, "methods", j)
        for i, api in enumerate(design.artifact.apis.internal)
        for j, method in enumerate(api.methods)
        if method is Method.POST
    ]
    fields = (field.lower() for entity in design.artifact.entities for field in entity.fields)
    if not unsafe or any("idempoten" in field for field in fields):
        return
    if b"idempoten" in design.examples.text.lower():
        return
    name = design.artifact.apis.internal[int(unsafe[0][2])].name
    yield Issue(
        path=unsafe[0],
        message=f"nothing says what happens when a POST to {cut(name)} is sent again, "
        "as clients do after a timeout",
        expected="an idempotency key, or a word on why a repeated POST does no harm",
        fix="take an `Idempotency-Key`, and say so in the API's example or the assumptions",
        related=tuple((path, "POST here too") for path in unsafe[1 : _MOST_RELATED + 1]),
    )


def unversioned(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find internal APIs named by a path that has no version in it."""
    for i, api in enumerate(design.artifact.apis.internal):
        if api.name.startswith("/") and not _VERSION.search(api.name[:500]):
            yield Issue(
                path=("apis", "internal", i, "name"),
                message=f"the path {cut(api.name)} has no version",
                expected="a path such as `/api/v1/plans`",
                actual=cut(api.name),
                fix="put a version into the path; where a header carries it, name the API instead",
            )


RULES = (
    Rule(
        code="apis/no-methods",
        severity=Severity.WARN,
        title="An internal API answers at least one method",
        check=no_methods,
        needs=attrgetter("odd_methods"),
    ),
    Rule(
        code="apis/duplicate-method",
        severity=Severity.INFO,
        title="An internal API lists a method once",
        check=repeated_methods,
        needs=attrgetter("odd_methods"),
    ),
    Rule(
        code="apis/no-idempotency",
        severity=Severity.INFO,
        title="A POST may be sent again without harm",
        check=no_idempotency,
    ),
    Rule(
        code="apis/unversioned",
        severity=Severity.INFO,
        title="A path has a version",
        check=unversioned,
    ),
)
