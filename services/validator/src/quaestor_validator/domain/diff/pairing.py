"""Which item of one list is which of another: by name, else by the same content."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from quaestor_validator.domain.diff.likeness import ALIKE, alike, best_pairs, shared
from quaestor_validator.domain.words import folded

__all__ = ["Pairs", "joined", "pair", "with_same"]

T = TypeVar("T")


class Pairs(NamedTuple, Generic[T]):
    """Indices into both lists. What was renamed has the same or like content under another name."""

    kept: list[tuple[int, int]]
    renamed: list[tuple[int, int]]
    removed: list[int]
    added: list[int]


def pair(
    before: Sequence[T],
    after: Sequence[T],
    *,
    name: Callable[[T], str],
    content: Callable[[T], bytes | None],
    says: Callable[[T], Sequence[str]] | None = None,
) -> Pairs[T]:
    """Pair the items of two lists, whatever their order; of one name the first with the first.

    `content` is everything but the name, or None where that says too little to know an item by;
    `says` is the same in parts. A name that differs only in case, `_`, `-` or spaces is a renaming
    too, and so is another name for what says much the same. Where two could be meant, none is.
    """
    names = [name(item) for item in before], [name(item) for item in after]
    kept, removed, added = _equal(*names)
    contents = [content(before[i]) for i in removed], [content(after[j]) for j in added]
    spelled = [folded(names[0][i]) for i in removed], [folded(names[1][j]) for j in added]
    lost: dict[int, int] = {}
    new: set[int] = set()
    for keys in (contents, spelled):
        for i, j in _alone(*keys):
            if removed[i] not in lost and added[j] not in new:
                lost[removed[i]] = added[j]
                new.add(added[j])
    pairs = Pairs[T](
        kept,
        sorted(lost.items()),
        [i for i in removed if i not in lost],
        [j for j in added if j not in new],
    )
    if says is None or not pairs.removed or not pairs.added:
        return pairs
    told = {i: says(before[i]) for i in pairs.removed}, {j: says(after[j]) for j in pairs.added}
    return joined(
        pairs,
        best_pairs(
            pairs.removed,
            pairs.added,
            lambda i, j: _likeness(shared(told[0][i], told[1][j]), names[0][i], names[1][j]),
        ),
    )


def joined(pairs: Pairs[T], renamed: Sequence[tuple[int, int]]) -> Pairs[T]:
    """Take pairs of what was removed and added for renamed as well."""
    lost, new = {i for i, _ in renamed}, {j for _, j in renamed}
    return Pairs(
        pairs.kept,
        sorted([*pairs.renamed, *renamed]),
        [i for i in pairs.removed if i not in lost],
        [j for j in pairs.added if j not in new],
    )


def with_same(
    pairs: Pairs[T], before: Sequence[T], after: Sequence[T], content: Callable[[T], bytes]
) -> Pairs[T]:
    """Take what was removed and what was added for renamed where both alone have one content."""
    olds, news = (
        [content(before[i]) for i in pairs.removed],
        [content(after[j]) for j in pairs.added],
    )
    found = _alone(olds, news)
    return joined(pairs, [(pairs.removed[i], pairs.added[j]) for i, j in found])


def _likeness(content: float, name: str, other: str) -> float:
    """Weigh what two items say twice as much as their names; 0 below the threshold."""
    if 2 * content + 1 < 3 * ALIKE:
        return 0  # no name could make up for it
    # Nearly every API ends so.
    names = (each.casefold().removesuffix("api") for each in (name, other))
    likeness = (2 * content + alike(*names)) / 3
    return likeness if likeness >= ALIKE else 0


def _equal(
    before: Sequence[str], after: Sequence[str]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for j, name in enumerate(after):
        places[name].append(j)
    kept = [(i, places[name].popleft()) for i, name in enumerate(before) if places[name]]
    lost = {i for i, _ in kept}
    removed = [i for i in range(len(before)) if i not in lost]
    return kept, removed, sorted(j for left in places.values() for j in left)


def _alone(
    before: Sequence[bytes | str | None], after: Sequence[bytes | str | None]
) -> list[tuple[int, int]]:
    """Pair the keys that stand once on either side."""
    counts = Counter(before), Counter(after)
    places = {key: j for j, key in enumerate(after)}
    return [
        (i, places[key])
        for i, key in enumerate(before)
        if key and counts[0][key] == 1 and counts[1][key] == 1
    ]
