"""Rings in a directed graph."""

from collections.abc import Iterator, Mapping, Sequence

__all__ = ["cycles"]


def cycles(edges: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """Give a ring for each edge that leads back to where a walk came from, in linear time.

    Every graph with rings gives at least one; not every ring of the graph is listed, because
    there may be exponentially many.
    """
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
