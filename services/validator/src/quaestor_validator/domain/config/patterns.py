"""Patterns of JSON Pointers, many at once.

A pattern means its place and everything below. `*` in a step is any part of it, a step `**` any
number of steps, and an item of a list is named by its index or by its name. The patterns share
one tree that a path is led through step by step, so that a thousand of them cost about as much
as one, whatever they look like.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from quaestor_validator.domain.found import Path, named_path, with_names

__all__ = ["Patterns", "fits", "is_costly"]

# Beyond this many values of a document a pattern is taken to match something.
_MOST_VALUES = 200_000


class Patterns:
    """Says which patterns a place matches. Each goes by the number under which it was added."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._root = _Node()
        self._count = 0
        for pattern in patterns:
            self.add(pattern)

    def add(self, pattern: str) -> int:
        """Add a pattern and give its number, counting from 0."""
        node = self._root
        for part in pattern.split("/")[1:]:
            node = node.step(part.replace("~1", "/").replace("~0", "~"))
        node.ends.append(self._count)
        self._count += 1
        return self._count - 1

    def matching(self, document: Any, path: Path) -> Iterator[int]:  # noqa: ANN401 - a JSON value
        """Give the numbers of the patterns that mean this place, or one above it."""
        nodes = _open([self._root])
        yield from _ends(nodes)
        for step, name in named_path(document, path):
            if not nodes:
                return
            nodes = _after(nodes, str(step), name)
            yield from _ends(nodes)

    def unmatched(self, document: Any) -> list[int]:  # noqa: ANN401 - a JSON value
        """Give the numbers of the patterns that mean no place of a document."""
        missing = set(range(self._count)).difference(_ends(_open([self._root])))
        stack = [(document, _open([self._root]))]
        for _ in range(_MOST_VALUES):
            if not stack or not missing:
                return sorted(missing)
            node, nodes = stack.pop()
            for step, name, child in with_names(node):
                if after := _after(nodes, str(step), name):
                    missing.difference_update(_ends(after))
                    stack.append((child, after))
        return []


class _Node:
    """A step of one pattern or more."""

    def __init__(self, *, deep: bool = False) -> None:
        self.ends: list[int] = []
        self.literal: dict[str, _Node] = {}
        self.globs: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.deep: _Node | None = None
        self.is_deep = deep

    def step(self, part: str) -> "_Node":
        """Give the node that a step leads to; make it where there is none."""
        if part == "**":
            self.deep = self if self.is_deep else self.deep or _Node(deep=True)
            return self.deep
        if part == "*":
            self.any = self.any or _Node()
            return self.any
        steps = self.globs if "*" in part else self.literal
        return steps.setdefault(part, _Node())


def _open(nodes: Iterable[_Node]) -> list[_Node]:
    """Add what can be reached without a step: `**` is also no step at all."""
    reached: dict[int, _Node] = {}
    for node in nodes:
        reached[id(node)] = node
        if node.deep is not None:
            reached[id(node.deep)] = node.deep
    return list(reached.values())


def _after(nodes: list[_Node], step: str, name: str) -> list[_Node]:
    """Give where a step, also known by a name, leads to."""
    after: list[_Node] = []
    for node in nodes:
        if node.is_deep:
            after.append(node)
        if node.any is not None:
            after.append(node.any)
        for word in {step, name} if name else {step}:
            if (literal := node.literal.get(word)) is not None:
                after.append(literal)
            after.extend(to for glob, to in node.globs.items() if fits(word, glob))
    return _open(after)


def _ends(nodes: Iterable[_Node]) -> Iterator[int]:
    return (number for node in nodes for number in node.ends)


def is_costly(pattern: str) -> bool:
    """Say whether a pattern has a step that is compared with every name: `a*`, but not `*`."""
    return any("*" in part and part not in ("*", "**") for part in pattern.split("/"))


def fits(word: str, glob: str) -> bool:
    """Say whether a word is of a form in which `*` is any text.

    The parts between are looked for from the left, each once, so that none takes long.
    """
    if "*" not in glob:
        return word == glob
    first, *middle, last = glob.split("*")
    if not word.startswith(first) or not word[len(first) :].endswith(last):
        return False
    at, end = len(first), len(word) - len(last)
    for part in middle:
        at = word.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
