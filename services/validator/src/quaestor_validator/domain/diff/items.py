"""Changes of named items as wholes: removed, added, renamed."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from quaestor_shared.contracts.diffs import Change, Witness
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change
from quaestor_validator.domain.diff.pairing import Pairs

__all__ = ["Kind", "item_changes", "same_items"]

T = TypeVar("T")


class Kind(NamedTuple):
    """What a list holds: the start of its codes, what one item is, which member names it.

    `used` makes a witness of an item's use, from the item and what is there instead.
    """

    code: str
    what: str
    key: str
    used: Callable[[Any, str], Witness | None]


def item_changes(before: At, after: At, pairs: Pairs[T], kind: Kind) -> Iterator[Change]:
    """Tell of the items of two lists that were removed, added and renamed."""
    for i in pairs.removed:
        at = _named(before, i, kind)
        gone = kind.used(before.value[i], f"there is no {kind.what} {cut_key(at.value)}")
        message = f"the {kind.what} {cut(at.value)} is gone"
        yield change(f"{kind.code}-removed", message, at, None, witness=gone)
    for j in pairs.added:
        at = _named(after, j, kind)
        message = f"there is another {kind.what}, {cut(at.value)}"
        yield change(f"{kind.code}-added", message, None, at)
    for i, j in pairs.renamed:
        was, now = before.part(i, kind.key), after.part(j, kind.key)
        yield change(
            f"{kind.code}-renamed",
            f"the {kind.what} {cut(was.value)} is now called {cut(now.value)}",
            was,
            now,
            rename=(was.value, now.value),
            witness=kind.used(before.value[i], f"there is no {kind.what} {cut_key(was.value)}"),
        )


def same_items(before: At, after: At, pairs: Pairs[T]) -> Iterator[tuple[At, At]]:
    """Give the items that are in both lists, whatever they are called, as they stand after."""
    for i, j in sorted([*pairs.kept, *pairs.renamed], key=lambda both: both[1]):
        yield before.part(i), after.part(j)


def _named(at: At, index: int, kind: Kind) -> At:
    """Give the place of an item, with its name for a value."""
    return At((*at.path, index), at.part(index, kind.key).value)
