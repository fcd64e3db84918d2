"""A JSON Patch (RFC 6902) that turns one JSON value into another, exactly.

Lists keep the longest run of items that stand in one order in both; what is left is replaced,
removed from the end and added from the front, so that every index means what it says when its
operation's turn comes.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.pointers import pointer

__all__ = ["encoded", "json_patch", "name_of", "rising"]

Path = tuple[str | int, ...]

# Names tell which item of a list is which, so that a change inside one is a change inside it.
_NAMES = ("name", "provider", "technology")
encoded = msgspec.json.Encoder(order="deterministic").encode


def json_patch(before: Any, after: Any) -> tuple[PatchOperation, ...]:  # noqa: ANN401 - JSON values
    """Give the operations that turn `before` into `after`; none where both are the same.

    Numbers are the same when they are written the same, and the members of an object have no
    order.
    """
    return tuple(_value((), before, after))


def _value(path: Path, before: Any, after: Any) -> Iterator[PatchOperation]:  # noqa: ANN401
    if encoded(before) == encoded(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _object(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list(path, before, after)
    else:
        yield PatchOperation(op="replace", path=pointer(path), value=after)


def _object(path: Path, before: dict[str, Any], after: dict[str, Any]) -> Iterator[PatchOperation]:
    for key in before:
        if key not in after:
            yield PatchOperation(op="remove", path=pointer((*path, key)))
    for key, value in after.items():
        if key in before:
            yield from _value((*path, key), before[key], value)
        else:
            yield PatchOperation(op="add", path=pointer((*path, key)), value=value)


def _list(path: Path, before: list[Any], after: list[Any]) -> Iterator[PatchOperation]:
    pairs = _aligned([_identity(item) for item in before], [_identity(item) for item in after])
    gone = set(range(len(before))) - {i for i, _ in pairs}
    for index in sorted(gone, reverse=True):
        yield PatchOperation(op="remove", path=pointer((*path, index)))
    partner = {j: i for i, j in pairs}
    for index, item in enumerate(after):
        if index in partner:
            yield from _value((*path, index), before[partner[index]], item)
        else:
            yield PatchOperation(op="add", path=pointer((*path, index)), value=item)


def name_of(item: Any) -> bytes | None:  # noqa: ANN401 - a JSON value
    """Give the name that an item of a list is known by, with its key, or None."""
    if isinstance(item, dict):
        for key in _NAMES:
            if key in item:
                return encoded([key, item[key]])
    return None


def _identity(item: Any) -> bytes:  # noqa: ANN401 - a JSON value
    """Give what an item is known by: its name where it has one, else all of it."""
    return name_of(item) or encoded(item)


def _aligned(before: Sequence[bytes], after: Sequence[bytes]) -> list[tuple[int, int]]:
    """Pair indices that rise on both sides: the same items first, then what stands between."""
    kept = rising(before, after)
    pairs: list[tuple[int, int]] = []
    for (i, j), (end_i, end_j) in pairwise([(-1, -1), *kept, (len(before), len(after))]):
        pairs += [(i, j)] if i >= 0 else []
        pairs += zip(range(i + 1, end_i), range(j + 1, end_j), strict=False)
    return pairs


def rising(before: Sequence[bytes], after: Sequence[bytes]) -> list[tuple[int, int]]:
    """Pair equal items, the first with the first, and keep the longest run in rising order."""
    places: defaultdict[bytes, deque[int]] = defaultdict(deque)
    for j, item in enumerate(after):
        places[item].append(j)
    equal = [(i, places[item].popleft()) for i, item in enumerate(before) if places[item]]
    # Patience sorting: `tails[n]` ends the run of n + 1 pairs that ends lowest.
    tails: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for index, (_, j) in enumerate(equal):
        length = bisect_left(tails, j)
        earlier.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [j]
        ends[length : length + 1] = [index]
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(equal[at])
        at = earlier[at]
    return run[::-1]
