"""Schemas and documents that would take a service down if they could."""

from typing import Any

__all__ = ["ALTERNATIVES", "ERRORS", "HOSTILE", "LIMITED"]


def _chain(length: int) -> dict[str, Any]:
    steps = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**steps, f"d{length}": {"type": "integer"}}}


def _doubling(depth: int) -> dict[str, Any]:
    steps = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": {**steps, f"d{depth}": {"type": "integer"}}}


# Each level is checked twice as often as the one above it: 2^40 checks of one text.
ALTERNATIVES = _doubling(40)
# An error for every item.
ERRORS = ({"items": {"type": "integer"}}, ["a"] * 200_000)
# Over a limit whatever the machine: the first in time, the second in memory.
LIMITED: dict[str, tuple[Any, Any]] = {
    "time": (ALTERNATIVES, "x"),
    "memory": ({"items": {"type": "integer"}}, ["a"] * 1_500_000),
}
HOSTILE: dict[str, tuple[Any, Any]] = {
    "nested alternatives": LIMITED["time"],
    "more errors than there is memory": LIMITED["memory"],
    "200,000 errors": ERRORS,
    "a reference to itself": ({"$ref": "#"}, 1),
    "references in a circle": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        1,
    ),
    "a circle through a property": ({"properties": {"a": {"$ref": "#"}}}, {"a": {"a": {"a": 1}}}),
    "a chain of 20,000 references": (_chain(20_000), "x"),
    "a pattern built to backtrack": ({"pattern": "^(a+)+$"}, "a" * 1_000_000 + "b"),
    "a pattern of a billion": ({"pattern": "((a{1000}){1000}){1000}"}, "a"),
    "a text of a megabyte": ({"minLength": 5, "format": "uri", "pattern": "x$"}, "ä" * 1_000_000),
    "a name of a megabyte": ({"additionalProperties": False}, {"k" * 1_000_000: 1}),
    "a choice of 100,000": ({"enum": [f"{i}" for i in range(100_000)]}, "x"),
    "large numbers": ({"multipleOf": 0.123456789}, 1e308),
    "a number of 400 digits": ({"multipleOf": 7, "maximum": 10**399}, 10**398 + 1),
    "20,000 items that are all alike": ({"uniqueItems": True}, [{"a": [1]}] * 20_000),
    "20,000 items that differ": ({"uniqueItems": True}, [{"a": [i]} for i in range(20_000)]),
    "500,000 lists": ({"items": {"type": "array"}}, [[]] * 500_000),
    "properties that nothing evaluates": (
        {"anyOf": [{"properties": {"a": True}}] * 50, "unevaluatedProperties": False},
        {f"k{i}": 1 for i in range(20_000)},
    ),
}
