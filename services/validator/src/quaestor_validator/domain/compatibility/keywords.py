"""What single keywords of a shape say: names, choices, lengths, which types are spoken of."""

from typing import Any

from quaestor_validator.domain.compatibility.documents import Node
from quaestor_validator.domain.compatibility.scalars import types_of
from quaestor_validator.domain.compatibility.shapes import Shape

__all__ = [
    "MOST_ITEMS",
    "PLAIN",
    "items_at",
    "lengths",
    "likely",
    "names_of",
    "says",
]

MOST_ITEMS = 40
# What speaks of a type. Of one that nothing is said of, a few values are enough.
_ABOUT = {
    "array": {
        *("items", "prefixItems", "contains", "minContains", "maxContains"),
        *("minItems", "maxItems", "uniqueItems", "unevaluatedItems"),
    },
    "object": {
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames"),
        *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
        "unevaluatedProperties",
    },
    "string": {"minLength", "maxLength", "pattern", "format"},
}
PLAIN: dict[str, tuple[Any, ...]] = {
    "null": (None,),
    "boolean": (True, False),
    "array": ([], [0]),
    "object": ({}, {"extra": 0}),
}


def likely(shape: Shape) -> list[str]:
    """Give the types of a shape, those first that it says something of."""
    return sorted(types_of(shape), key=lambda kind: not says(kind, shape))


def says(kind: str, shape: Shape) -> bool:
    """Say whether a shape speaks of a type by more than its name."""
    return any(keyword in _ABOUT.get(kind, ()) for part in shape for keyword in part)


def items_at(shape: Shape, index: int) -> list[Node]:
    """Give the schemas that the item at an index has to satisfy."""
    found: list[Node] = []
    for part in shape:
        prefix = part.get("prefixItems", ())
        if index < len(prefix):
            found.append(prefix[index])
        elif "items" in part:
            found.append(part["items"])
    return found


def lengths(hints: Shape, low: int, high: int) -> set[int]:
    """Give the lengths of arrays that matter between two bounds."""
    around = {low, low + 1, 2}
    for part in hints:
        for keyword in ("minItems", "maxItems", "minContains", "maxContains"):
            if keyword in part:
                around |= {int(part[keyword]) + step for step in (-1, 0, 1)}
    return {n for n in around if low <= n <= high and n <= MOST_ITEMS}


def names_of(shape: Shape, keyword: str) -> list[str]:
    """Give the names under a keyword, such as `required`, none of them twice."""
    return list(dict.fromkeys(name for part in shape for name in part.get(keyword, ())))
