"""Which alternative of `anyOf` or `oneOf` the author of an instance meant."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from quaestor_shared.service.schema_messages import expectation

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

__all__ = ["Branch", "meant_branch", "of_that_type", "types_wanted"]

Branch = Sequence["ValidationError"]
_CONSTANTS = ("const", "enum")


def of_that_type(branches: Sequence[Branch], place: list[str | int]) -> list[int]:
    """Give the numbers of the branches that fail for another reason than the value's type."""
    return [i for i, branch in enumerate(branches) if branch and not _other_type(branch, place)]


def meant_branch(
    branches: Sequence[Branch],
    candidates: list[int],
    value: Any,  # noqa: ANN401 - a JSON value
    properties: Callable[[int], set[str]],
) -> Branch | None:
    """Give the one branch that was meant, or None where there is no telling.

    First go those with a constant that another branch finds right, then those that know none of
    an object's properties where another knows some; of the rest the one with the fewest faults
    was meant. `properties` gives what a branch knows.
    """
    constants = {i: _wrong_constants(branches[i]) for i in candidates}
    left = [
        i for i in candidates if not any(constants[i] - constants[j] for j in candidates if j != i)
    ] or candidates
    if isinstance(value, dict) and len(left) > 1:
        left = [i for i in left if not properties(i).isdisjoint(value)] or left
    ordered = sorted(left, key=lambda i: _distance(branches[i]))
    if not ordered:
        return None
    first = branches[ordered[0]]
    if len(ordered) > 1 and _distance(first) == _distance(branches[ordered[1]]):
        return None
    return first


def types_wanted(branches: Sequence[Branch], place: list[str | int]) -> str:
    """Name the types that branches take where the value has none of them."""
    wanted = dict.fromkeys(
        expectation(error) or ""
        for branch in branches
        for error in branch
        if error.kind.name == "type" and list(error.instance_path) == place
    )
    return " or ".join(wanted)


def _other_type(branch: Branch, place: list[str | int]) -> bool:
    return any(e.kind.name == "type" and list(e.instance_path) == place for e in branch)


def _wrong_constants(branch: Branch) -> set[tuple[str | int, ...]]:
    return {tuple(e.instance_path) for e in branch if e.kind.name in _CONSTANTS}


def _distance(branch: Branch) -> tuple[int, int]:
    """Count what keeps an instance from a branch; a wrong tag or constant weighs most."""
    return sum(e.kind.name in _CONSTANTS for e in branch), len(branch)
