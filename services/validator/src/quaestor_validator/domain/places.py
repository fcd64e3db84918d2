"""Where findings stand in what was sent."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from quaestor_shared.contracts.findings import Source
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.positions import Lines, Path, Range, find

__all__ = ["Place", "Places", "Sent"]


class Sent(NamedTuple):
    """A text that was sent, UTF-8, and where in it each source begins.

    `line` and `column`, from 1, say where the text itself begins in what was sent.
    """

    body: bytes
    roots: Mapping[Source, Path]
    line: int = 1
    column: int = 1


class Place(NamedTuple):
    """Line and column of the first character, and of what is behind the last."""

    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


class Places:
    """Tells where in the sent text findings and their related places stand."""

    def __init__(self, sent: Sent, findings: Sequence[Found]) -> None:
        self._sent = sent
        wanted = [
            (*root, *path)
            for found in findings
            if (root := sent.roots.get(found.source)) is not None
            for path in (found.issue.path, *(path for path, _ in found.issue.related))
        ]
        text = sent.body.decode()
        self._spots = find(text, wanted)
        self._lines = Lines(text)

    def of(self, found: Found) -> Place | None:
        """Give the place of a finding."""
        if found.ranges:
            return self._at(found.ranges[0])
        return self._of_path(found.source, found.issue.path, key=found.issue.key)

    def of_related(self, found: Found, number: int) -> Place | None:
        """Give the place of what is related to a finding."""
        if found.ranges:
            return self._at(found.ranges[number + 1])
        return self._of_path(found.source, found.issue.related[number][0], key=False)

    def _of_path(self, source: Source, path: Path, *, key: bool) -> Place | None:
        """Give the place of a path; of what is not in the text, that of what it would be in."""
        root = self._sent.roots.get(source)
        if root is None:
            return None
        whole = (*root, *path)
        spot = self._spots.get(whole)
        while spot is None and whole:
            whole, key = whole[:-1], False
            spot = self._spots.get(whole)
        if spot is None:
            return None
        return self._at(spot.key if key and spot.key is not None else spot.value)

    def _at(self, place: Range) -> Place:
        return Place(*self._line_and_column(place.start), *self._line_and_column(place.end))

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        line, column = self._lines.at(offset)
        if line == 1:
            column += self._sent.column - 1
        return line + self._sent.line - 1, column
