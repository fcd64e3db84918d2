"""Rings in a directed graph."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

__all__ = ["MOST_RINGS", "cycles"]


# Nobody mends more at once, and a ring may be as long as the graph.
MOST_RINGS = 100


def cycles(edges: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """Give a ring for each edge that leads back to where a walk came from, at most a hundred.

    A graph with rings gives at least one; not every ring is listed, because there may be
    exponentially many.
    """
    yield from islice(_cycles(edges), MOST_RINGS)


def _cycles(edges: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    done: set[int] = set()
    for start in edges:
        if start in done:
            continue
        path: list[int] = [start]
        on_path = {start: 0}
        waiting = [iter(edges.get(start, ()))]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
                left = path.pop()
                del on_path[left]
                done.add(left)
            elif node in on_path:
                yield path[on_path[node] :]
            elif node not in done:
                on_path[node] = len(path)
                path.append(node)
                waiting.append(iter(edges.get(node, ())))
