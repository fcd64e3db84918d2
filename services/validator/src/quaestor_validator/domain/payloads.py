"""Looking into example payloads."""

from collections.abc import Iterator
from typing import Any

from quaestor_shared.pointers import Path

__all__ = ["member_names", "places_of"]


def member_names(value: Any) -> Iterator[str]:  # noqa: ANN401 - a JSON value
    """Give the name of every member of every object in a JSON value; the same may come twice."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield from node
            stack.extend(node.values())
        elif isinstance(node, list | tuple):
            stack.extend(node)


def places_of(
    names: set[str],
    value: Any,  # noqa: ANN401 - a JSON value
    *,
    depth: int = 0,
) -> Iterator[tuple[Path, str]]:
    """Give the first place of each of the names, in document order, so deep or deeper."""
    left = set(names)
    stack: list[tuple[Path, Any]] = [((), value)] if left else []
    while stack and left:
        path, node = stack.pop()
        if isinstance(node, dict):
            for name in node if len(path) >= depth else ():
                if name in left:
                    left.remove(name)
                    yield (*path, name), name
            stack.extend(((*path, key), item) for key, item in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend(((*path, i), node[i]) for i in reversed(range(len(node))))
