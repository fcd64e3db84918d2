"""What a schema asks of a value, keyword by keyword, its references and choices resolved.

A schema becomes a few *shapes*: lists of plain schemas that all have to hold, one list for each
way through `anyOf`, `oneOf` and `if`. They guide the search for examples; whether an example is
valid is for a validator to say, so what is left out here (`not`, for instance) does no harm.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from quaestor_validator.domain.compatibility.documents import Node, SchemaDocument

__all__ = ["Plain", "Shape", "children", "choices", "shapes_of"]

Plain = dict[str, Any]
Shape = list[Plain]

_MOST_SHAPES = 12
_MOST_PARTS = 64


def shapes_of(document: SchemaDocument, nodes: Sequence[Node]) -> list[Shape]:
    """Give the shapes of the conjunction of some schemas; none where one of them is `false`."""
    shapes: list[Shape] = [[]]
    for node in nodes:
        options = _options(document, node, depth=0)
        shapes = [
            [*shape, *option]
            for shape in shapes
            for option in options
            if len(shape) + len(option) <= _MOST_PARTS
        ][:_MOST_SHAPES]
    return shapes


def _options(document: SchemaDocument, node: Node, depth: int) -> list[Shape]:
    if isinstance(node, bool):
        return [[]] if node else []
    if depth > _MOST_SHAPES:
        return []
    combined: list[Shape] = [[node]]
    for alternatives in _alternatives(document, node, depth):
        # The first of each first, so that a late alternative is not cut off by an early one.
        combined = [
            [*shape, *option]
            for option in alternatives
            for shape in combined
            if len(shape) + len(option) <= _MOST_PARTS
        ][:_MOST_SHAPES]
    return combined


def _alternatives(document: SchemaDocument, node: Plain, depth: int) -> Iterator[list[Shape]]:
    """Give, for each keyword that brings other schemas in, the shapes that it allows."""

    def options(child: Any) -> list[Shape]:  # noqa: ANN401 - a schema
        return _options(document, child, depth + 1)

    if isinstance(node.get("$ref"), str):
        target = document.follow(node["$ref"])
        # What leads out of the document is not known here, and asks for nothing.
        yield options(target) if target is not None else [[]]
    for child in node.get("allOf", ()):
        yield options(child)
    for keyword in ("anyOf", "oneOf"):
        if keyword in node:
            found = (shape for child in node[keyword] for shape in options(child))
            yield list(islice(found, _MOST_SHAPES))
    if "if" in node:
        fits = [*options(node["if"])]
        yield [
            *_both(fits, options(node.get("then", True))),
            *options(node.get("else", True)),
        ]


def _both(one: list[Shape], other: list[Shape]) -> list[Shape]:
    return [[*first, *second] for first in one for second in other]


def choices(shape: Shape) -> Iterator[Any]:
    """Give the values that a shape lists."""
    for part in shape:
        yield from part.get("enum", ())
        if "const" in part:
            yield part["const"]


def children(shape: Shape, name: str, matches: Callable[[str, str], bool]) -> list[Node]:
    """Give the schemas that the value of a property has to satisfy."""
    found: list[Node] = []
    for part in shape:
        named = part.get("properties", {})
        patterns = [
            child
            for pattern, child in part.get("patternProperties", {}).items()
            if matches(pattern, name)
        ]
        if name in named:
            found.append(named[name])
        found += patterns
        if name not in named and not patterns and "additionalProperties" in part:
            found.append(part["additionalProperties"])
    return found
