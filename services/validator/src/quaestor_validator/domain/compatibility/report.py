"""The answer on two schemas, from what was found out in each direction."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from quaestor_shared.contracts.compatibility import (
    Compatibility,
    CompatibilityReport,
    Direction,
    SchemaBreak,
    UndecidedPlace,
)
from quaestor_shared.pointers import pointer

__all__ = ["Found", "Lost", "compatibility_report"]

Path = tuple[str | int, ...]


class Lost(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An instance that is taken no more, as JSON, and the keyword that turns it away."""

    schema_path: Path
    instance_path: Path
    keyword: str
    message: str
    witness: bytes


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out in one direction.

    `unproved` are the places in the schema that has to take the instances; none means proved.
    `stopped` says why the search for a proof did not end, where it did not.
    """

    lost: tuple[Lost, ...] = ()
    unproved: tuple[Path, ...] = ()
    stopped: str | None = None

    @property
    def answer(self) -> Compatibility:
        """Give the answer: an instance counts more than a proof, though both cannot be."""
        if self.lost:
            return Compatibility.INCOMPATIBLE
        open_still = self.unproved or self.stopped is not None
        return Compatibility.UNKNOWN if open_still else Compatibility.COMPATIBLE


def compatibility_report(
    found: Mapping[Direction, Found], *, before: str, after: str, most: int
) -> CompatibilityReport:
    """Sum both directions up; at most `most` breaks, the rest counted."""
    breaks = [each for direction in Direction for each in _breaks(direction, found[direction])]
    answers = [found[direction].answer for direction in Direction]
    full = Compatibility.UNKNOWN
    if Compatibility.INCOMPATIBLE in answers:
        full = Compatibility.INCOMPATIBLE
    elif Compatibility.UNKNOWN not in answers:
        full = Compatibility.COMPATIBLE
    return CompatibilityReport(
        before=before,
        after=after,
        backward=answers[0],
        forward=answers[1],
        full=full,
        breaks=tuple(breaks[:most]),
        undecided=tuple(p for d in Direction for p in _undecided(d, found[d])),
        left_out=max(0, len(breaks) - most),
    )


def _breaks(direction: Direction, found: Found) -> Iterator[SchemaBreak]:
    for lost in sorted(found.lost, key=lambda each: pointer(each.schema_path)):
        witness: Any = msgspec.Raw(lost.witness) if lost.witness else UNSET
        yield SchemaBreak(
            direction=direction,
            pointer=pointer(lost.schema_path),
            keyword=lost.keyword,
            message=lost.message,
            instance_pointer=pointer(lost.instance_path),
            witness=witness,
        )


def _undecided(direction: Direction, found: Found) -> Iterator[UndecidedPlace]:
    """Tell of the places without a proof that no instance has settled."""
    if found.stopped is not None:
        yield UndecidedPlace(direction=direction, pointer="", message=found.stopped)
    settled = [pointer(lost.schema_path) for lost in found.lost]
    for path in found.unproved:
        place = pointer(path)
        if not any(each.startswith(f"{place}/") or each == place for each in settled):
            message = "no proof that every instance is taken here, and no instance that is not"
            yield UndecidedPlace(direction=direction, pointer=place, message=message)
