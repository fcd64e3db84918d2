"""The faults that a schema finds, each at the place where a person would mend it.

A missing property is a fault of its parent, one too many a fault at its own key. Where a schema
offers alternatives, the faults are those of the alternative that was meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.pointers import pointer
from quaestor_shared.schema import json_schema
from quaestor_shared.service.schema_messages import cut, cut_key, describe, expectation

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

    _Branch = Sequence[ValidationError]

__all__ = ["Fault", "compiled", "faults_of", "meant_faults"]

MOST = 100
_WITHOUT_VALUE = frozenset({"required", "dependentRequired", "falseSchema"})


class Fault(NamedTuple):
    """One fault: where, by which keyword, in words, and what was expected and found."""

    path: tuple[str | int, ...]
    keyword: str
    message: str
    expected: str | None
    actual: str | None


def compiled(schema: dict[str, Any]) -> "Validator":
    """Compile a schema with formats asserted, linear-time patterns, and no way to the network."""
    from jsonschema_rs import RegexOptions, validator_for

    return validator_for(
        schema, validate_formats=True, offline=True, pattern_options=RegexOptions()
    )


@lru_cache(maxsize=64)
def _validator(contract: Any) -> "Validator":  # noqa: ANN401 - any type form
    return compiled(json_schema(contract))


def faults_of(value: Any, contract: Any) -> tuple[ErrorDetail, ...]:  # noqa: ANN401 - a JSON value
    """List what keeps `value` from being a `contract`, by place, at most 100 faults."""
    faults = meant_faults(_validator(contract).iter_errors(value))
    return tuple(islice(dict.fromkeys(map(_detail, faults)), MOST))


def _detail(fault: Fault) -> ErrorDetail:
    extra = fault.keyword == "additionalProperties"
    return ErrorDetail(
        field=pointer(fault.path),
        message="no such field" if extra else fault.message,
        code="unknown_field" if extra else fault.keyword,
    )


def meant_faults(errors: Iterable["ValidationError"]) -> Iterator[Fault]:
    """Give the faults behind the errors of a validator, alternatives settled."""
    for error in errors:
        branches = getattr(error.kind, "context", None)
        if branches:
            yield from _of_branches(error, branches)
            continue
        unexpected = getattr(error.kind, "unexpected", ())
        path = tuple(error.instance_path)
        for key in unexpected:
            yield Fault(
                (*path, key), error.kind.name, f"`{cut_key(key)}` is not allowed", None, None
            )
        if not unexpected:
            yield _fault(error)


def _fault(error: "ValidationError") -> Fault:
    keyword = error.kind.name
    return Fault(
        tuple(error.instance_path),
        keyword,
        describe(error),
        expectation(error),
        None if keyword in _WITHOUT_VALUE else cut(error.instance),
    )


def _of_branches(error: "ValidationError", branches: "Sequence[_Branch]") -> Iterator[Fault]:
    """Settle `anyOf` and `oneOf`: branches of another type were not meant; of the rest, the one
    with the fewest faults was, unless there is no telling.
    """
    place = list(error.instance_path)
    meant = sorted((b for b in branches if b and not _other_type(b, place)), key=_distance)
    if len(meant) == 1 or (len(meant) > 1 and _distance(meant[0]) < _distance(meant[1])):
        yield from meant_faults(meant[0])
    elif meant or not all(branches):
        yield _fault(error)
    else:
        yield _none_of_the_types(error, branches, place)


def _other_type(branch: "_Branch", place: list[str | int]) -> bool:
    return any(e.kind.name == "type" and list(e.instance_path) == place for e in branch)


def _distance(branch: "_Branch") -> tuple[int, int]:
    """Count what keeps an instance from a branch; a wrong tag or constant weighs most."""
    constants = sum(e.kind.name in ("const", "enum") for e in branch)
    return constants, len(branch)


def _none_of_the_types(
    error: "ValidationError",
    branches: Sequence[Sequence["ValidationError"]],
    place: list[str | int],
) -> Fault:
    wanted = dict.fromkeys(
        expectation(e) or ""
        for branch in branches
        for e in branch
        if e.kind.name == "type" and list(e.instance_path) == place
    )
    expected, actual = " or ".join(wanted), cut(error.instance)
    return Fault(tuple(place), "type", f"must be {expected}, not {actual}", expected, actual)
