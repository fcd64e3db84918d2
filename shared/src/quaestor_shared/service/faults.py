"""Every fault of a body at once, by the schema of the Struct that it should have been.

msgspec stops at the first fault; this is the slow path behind it, taken for bad input only.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.pointers import pointer
from quaestor_shared.schema import json_schema
from quaestor_shared.service.schema_messages import describe

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

__all__ = ["faults_of"]

MOST = 100


@lru_cache(maxsize=64)
def _validator(contract: Any) -> "Validator":  # noqa: ANN401 - any type form
    from jsonschema_rs import RegexOptions, validator_for

    return validator_for(
        json_schema(contract), validate_formats=True, offline=True, pattern_options=RegexOptions()
    )


def faults_of(value: Any, contract: Any) -> tuple[ErrorDetail, ...]:  # noqa: ANN401 - a JSON value
    """List what keeps `value` from being a `contract`, by place, at most 100 faults."""
    found = dict.fromkeys(
        detail for error in _validator(contract).iter_errors(value) for detail in _details(error)
    )
    return tuple(found)[:MOST]


def _details(error: "ValidationError") -> Iterator[ErrorDetail]:
    branches = getattr(error.kind, "context", None)
    if branches:
        # `X | None`: what is not null fails the null branch; the other branch is what was meant.
        meant = [branch for branch in branches if all(e.kind.name != "type" for e in branch)]
        for inner in meant[0] if meant else ():
            yield from _details(inner)
        if meant:
            return
    place = list(error.instance_path)
    for extra in getattr(error.kind, "unexpected", ()):
        yield ErrorDetail(
            field=pointer([*place, extra]), message="no such field", code="unknown_field"
        )
    if error.kind.name != "additionalProperties":
        yield ErrorDetail(field=pointer(place), message=describe(error), code=error.kind.name)
