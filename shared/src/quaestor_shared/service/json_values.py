"""JSON values told apart as JSON Schema does: 1 and 1.0 are the same, 1 and true are not."""

from typing import Any

from quaestor_shared.pointers import pointer
from quaestor_shared.service.shown import cut, cut_key

__all__ = ["difference", "equal_items", "json_type"]

_MOST_PAIRS = 5


def json_type(value: Any) -> str:  # noqa: ANN401 - a JSON value
    """Name the type; a number's is `number`."""
    for name, kinds in _TYPES:
        if isinstance(value, kinds):
            return name
    return "null"


def equal_items(values: list[Any]) -> str:
    """Say by their indexes which items are equal, of many the first."""
    first: dict[Any, int] = {}
    pairs = []
    for index, value in enumerate(values):
        before = first.setdefault(_frozen(value), index)
        if before != index:
            pairs.append(f"{before} and {index}")
    more = len(pairs) - _MOST_PAIRS
    said = ", ".join(pairs[:_MOST_PAIRS])
    return f"items {said} are equal" + (f", and {more} more" if more > 0 else "")


def difference(wanted: Any, found: Any) -> str:  # noqa: ANN401 - JSON values
    """Say where two values that are not equal first differ."""
    path: list[str | int] = []
    while True:
        steps: list[str | int] = []
        if isinstance(wanted, dict) and isinstance(found, dict):
            for key in wanted:
                if key not in found:
                    return f"{_place([*path, key])} is missing"
            for key in found:
                if key not in wanted:
                    return f"{_place([*path, key])} is one too many"
            steps = list(wanted)
        elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
            steps = list(range(len(wanted)))
        unlike = (step for step in steps if _frozen(wanted[step]) != _frozen(found[step]))
        step = next(unlike, None)
        if step is None:
            return f"{_place(path)} is {cut(found)}, not {cut(wanted)}"
        path.append(step)
        wanted, found = wanted[step], found[step]


def _place(path: list[str | int]) -> str:
    return f"`{cut_key(pointer(path))}`" if path else "it"


def _frozen(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Give what is equal and hashed alike for equal values."""
    if isinstance(value, dict):
        return "object", frozenset((key, _frozen(member)) for key, member in value.items())
    if isinstance(value, list):
        return "array", tuple(map(_frozen, value))
    return json_type(value), value


_TYPES: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("boolean", bool),
    ("string", str),
    ("number", (int, float)),
    ("array", list),
    ("object", dict),
)
