"""Candidates for instances of a schema: one plain value, and values that differ in one place.

Another schema gives hints: its bounds, names and choices are where an instance of the first may
be none of the second. The candidates grow with the schemas, not with the ways to combine them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from quaestor_shared.json_patch import encoded
from quaestor_validator.domain.compatibility.documents import Node, SchemaDocument
from quaestor_validator.domain.compatibility.keywords import (
    MOST_ITEMS,
    PLAIN,
    items_at,
    lengths,
    likely,
    names_of,
    says,
)
from quaestor_validator.domain.compatibility.patterns import samples
from quaestor_validator.domain.compatibility.scalars import numbers, texts
from quaestor_validator.domain.compatibility.shapes import Shape, children, choices, shapes_of

__all__ = ["Instances"]

_DEEPEST = 6
_MOST_SCALARS = 24
_EXTRA = ("extra", "another", "x-extra", "a1")

Matches = Callable[[str, str], bool]


class _Spent(Exception):
    """The steps are used up."""


class Instances:
    """Makes candidates for one schema, with the hints of another, within a number of steps."""

    def __init__(
        self, schema: SchemaDocument, hints: SchemaDocument, matches: Matches, steps: int
    ) -> None:
        self._schema = schema
        self._hints = hints
        self._matches = matches
        self._steps = steps

    def candidates(self) -> Iterator[Any]:
        """Give values that may be instances, none of them twice, the plain ones first."""
        seen: set[bytes] = set()
        try:
            for value in self._values([self._schema.root], [self._hints.root], 0):
                key = encoded(value)
                if key not in seen:
                    seen.add(key)
                    yield value
        except _Spent:
            return

    def _values(self, nodes: Sequence[Node], hints: Sequence[Node], depth: int) -> Iterator[Any]:
        self._step()
        hint = [part for shape in shapes_of(self._hints, hints) for part in shape]
        shapes = shapes_of(self._schema, nodes)
        yield from _in_turns([self._of_shape(shape, hint, depth) for shape in shapes])

    def _of_shape(self, shape: Shape, hints: Shape, depth: int) -> Iterator[Any]:
        if any("enum" in part or "const" in part for part in shape):
            yield from choices(shape)
            return
        makers = [self._of_type(kind, shape, hints, depth) for kind in likely(shape)]
        firsts = [value for maker in makers for value in islice(maker, 1)]
        yield from firsts
        yield from choices(hints)
        yield from _in_turns(makers)

    def _of_type(self, kind: str, shape: Shape, hints: Shape, depth: int) -> Iterator[Any]:
        if kind in ("integer", "number"):
            return islice(numbers(shape, hints, whole=kind == "integer"), _MOST_SCALARS)
        if kind == "string":
            return islice(texts(shape, hints), _MOST_SCALARS)
        if not says(kind, [*shape, *hints]):
            return iter(PLAIN[kind])
        if depth >= _DEEPEST:
            return iter(())
        return (self._arrays if kind == "array" else self._objects)(shape, hints, depth)

    def _first(self, nodes: Sequence[Node], depth: int) -> Any:  # noqa: ANN401 - a JSON value
        """Give the plainest value of some schemas, or `_END` where there is none."""
        return next(self._values(nodes, [], depth), _END)

    def _arrays(self, shape: Shape, hints: Shape, depth: int) -> Iterator[list[Any]]:
        low = max((int(part.get("minItems", 0)) for part in shape), default=0)
        high = min((int(part.get("maxItems", MOST_ITEMS)) for part in shape), default=MOST_ITEMS)
        base = self._filled(shape, low, depth)
        if base is not None:
            yield base
        for length in sorted(lengths(hints, low, high) - {low}):
            longer = self._filled(shape, length, depth)
            if longer is not None:
                yield longer
                if length > 1:  # twice the same, which may be forbidden
                    yield [longer[0]] * length
        prefix = max((len(part.get("prefixItems", ())) for part in (*shape, *hints)), default=0)
        for index in range(min(max(prefix + 1, low, 1), high, MOST_ITEMS)):
            filled = self._filled(shape, max(index + 1, low), depth)
            if filled is None:
                continue
            nodes, hinted = items_at(shape, index), items_at(hints, index)
            for value in self._values(nodes, hinted, depth + 1):
                self._step()
                yield [*filled[:index], value, *filled[index + 1 :]]

    def _filled(self, shape: Shape, length: int, depth: int) -> list[Any] | None:
        """Give an array of a length, its items different where they have to be."""
        if length > MOST_ITEMS:
            return None
        unique = any(part.get("uniqueItems") for part in shape)
        wanted = [part["contains"] for part in shape if "contains" in part]
        items: list[Any] = []
        for index in range(length):
            nodes = [*items_at(shape, index), *wanted]
            options: Iterator[Any] = self._values(nodes, [], depth + 1)
            value = next((v for v in options if not unique or v not in items), _END)
            if value is _END:
                return None
            items.append(value)
        return items

    def _objects(self, shape: Shape, hints: Shape, depth: int) -> Iterator[dict[str, Any]]:
        required = names_of(shape, "required")
        base = self._object(shape, required, depth)
        if base is None:
            return
        yield base
        known = list(dict.fromkeys([*names_of(shape, "properties"), *required]))
        names = list(dict.fromkeys([*known, *self._hinted(shape, hints)]))
        for name in names:
            if name in base:
                rest = base
            else:
                grown = self._object(shape, [*required, name], depth)
                if grown is None:
                    continue
                rest = grown
            nodes = children(shape, name, self._matches)
            hinted = children(hints, name, self._matches)
            for value in self._values(nodes, hinted, depth + 1):
                self._step()
                yield {**rest, name: value}
        for names_in in (known, names):
            whole = self._object(shape, names_in, depth)
            if whole is not None:
                yield whole

    def _hinted(self, shape: Shape, hints: Shape) -> Iterator[str]:
        """Give names of properties that the other schema speaks of, and some that none does."""
        yield from names_of(hints, "properties")
        yield from names_of(hints, "required")
        for part in (*shape, *hints):
            for pattern in part.get("patternProperties", {}):
                yield from samples(pattern)[:3]
            for keyword in ("dependentRequired", "dependentSchemas"):
                yield from part.get(keyword, ())
            if isinstance(part.get("propertyNames"), dict):
                yield from islice(texts([part["propertyNames"]], []), 4)
                yield from (n for n in part["propertyNames"].get("enum", ()) if isinstance(n, str))
        yield from _EXTRA

    def _object(self, shape: Shape, names: Sequence[str], depth: int) -> dict[str, Any] | None:
        """Give an object with these properties, what they entail, and as many as it needs."""
        made: dict[str, Any] = {}
        todo = list(dict.fromkeys(names))
        least = max((int(part.get("minProperties", 0)) for part in shape), default=0)
        spare = iter([*names_of(shape, "properties"), *self._hinted(shape, [])])
        while todo or len(made) < min(least, MOST_ITEMS):
            name = todo.pop(0) if todo else next(spare, None)
            if name is None:
                return None
            if name in made:
                continue
            value = self._first(children(shape, name, self._matches), depth + 1)
            if value is not _END:
                made[name] = value
                for part in shape:
                    todo += part.get("dependentRequired", {}).get(name, ())
            elif name in names:
                return None
        return made

    def _step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise _Spent


_END = object()


def _in_turns(ways: Iterable[Iterator[Any]]) -> Iterator[Any]:
    """Give a value of each in turn, so that none keeps the others out of reach."""
    left = list(ways)
    while left:
        for way in list(left):
            value = next(way, _END)
            if value is _END:
                left.remove(way)
            else:
                yield value
