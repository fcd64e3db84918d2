"""A schema document: its local references followed, its dangerous loops found."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from quaestor_shared.schema import DIALECT

__all__ = ["Node", "SchemaDocument"]

Node = dict[str, Any] | bool
_INDEX = re.compile("[0-9]{1,9}")

# Keywords whose schemas are applied to the same instance, so that a loop of them never ends.
_IN_PLACE = ("not", "if", "then", "else")
_IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")


class SchemaDocument:
    """A schema, with `$ref` followed inside of it; one that leads out is not followed."""

    def __init__(self, root: Node, registered: frozenset[str] = frozenset()) -> None:
        self.registered = registered  # `$ref`s that mean a registered schema, which never changes
        # Its own name matters to others alone, and two versions may have one.
        self.root = (
            {k: v for k, v in root.items() if k != "$id"} if isinstance(root, dict) else root
        )
        self._anchors = dict(_anchors(self.root))

    @property
    def is_plain(self) -> bool:
        """Say whether it is JSON Schema 2020-12 in which a reference means one thing everywhere."""
        if not isinstance(self.root, dict):
            return True
        dialect = self.root.get("$schema", DIALECT)
        nodes = (node for node in _schemas(self.root) if isinstance(node, dict))
        return str(dialect).rstrip("#") == DIALECT and not any(
            keyword in node and isinstance(node[keyword], str)
            for node in nodes
            for keyword in ("$id", "$dynamicRef", "$recursiveRef")
        )

    def follow(self, reference: str) -> Node | None:
        """Give the schema that `#`, `#/a/b` or `#anchor` refers to; None for any other."""
        if not reference.startswith("#"):
            return None
        fragment = unquote(reference[1:])
        if fragment and not fragment.startswith("/"):
            return self._anchors.get(fragment)
        return self.at(fragment)

    def target(self, node: dict[str, Any]) -> tuple[str, ...] | None:
        """Give the path of what `$ref` of a schema refers to, where it says so by a pointer."""
        reference = node.get("$ref")
        if not isinstance(reference, str) or self.follow(reference) is None:
            return None
        steps = unquote(reference[1:]).split("/")
        return None if steps[0] else tuple(map(_unescaped, steps[1:]))

    def at(self, place: str) -> Node | None:
        """Give the schema at a JSON Pointer; None where there is none."""
        node: Any = self.root
        for step in place.split("/")[1:]:
            key = _unescaped(step)
            if isinstance(node, list) and _INDEX.fullmatch(key) and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, dict) and key in node:
                node = node[key]
            else:
                return None
        return node if isinstance(node, dict | bool) else None

    def has_endless_loop(self) -> bool:
        """Say whether a schema leads back to itself without a step into the instance."""
        done: set[int] = set()
        for start in _schemas(self.root):
            # Depth first, by hand: a user's schema may nest deeper than Python's stack.
            entered: set[int] = set()
            stack: list[tuple[Node, Iterator[Node]]] = []
            if self._enter(start, entered, done, stack):
                return True
            while stack:
                node, following = stack[-1]
                child = next(following, None)
                if child is None:
                    stack.pop()
                    entered.discard(id(node))
                    done.add(id(node))
                elif self._enter(child, entered, done, stack):
                    return True
        return False

    def _enter(
        self,
        node: Node,
        entered: set[int],
        done: set[int],
        stack: list[tuple[Node, Iterator[Node]]],
    ) -> bool:
        if isinstance(node, dict) and id(node) not in done:
            if id(node) in entered:
                return True
            entered.add(id(node))
            stack.append((node, self._in_place(node)))
        return False

    def _in_place(self, node: dict[str, Any]) -> Iterator[Node]:
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(node.get(keyword), str):
                target = self.follow(node[keyword])
                if target is not None:
                    yield target
        yield from (node[keyword] for keyword in _IN_PLACE if keyword in node)
        for keyword in _IN_PLACE_LISTS:
            yield from node.get(keyword, ())
        yield from node.get("dependentSchemas", {}).values()


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _schemas(root: Node) -> Iterator[Node]:
    """Give every object of a document that may be a schema."""
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _anchors(root: Node) -> Iterator[tuple[str, Node]]:
    for node in _schemas(root):
        if isinstance(node, dict):
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(node.get(keyword), str):
                    yield node[keyword], node
