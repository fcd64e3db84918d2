"""Where the values of a JSON text stand.

Made for a few places in a text that may be large: the text is read once, what lies beside the way
to a wanted place is skipped by the standard library's scanner, and a text about which there is
nothing to report is never looked at. The text must be JSON.

Offsets count Unicode code points from 0. Lines and columns count from 1; a line ends with LF,
CRLF or CR, and a column counts code points.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from json import JSONDecoder
from typing import NamedTuple

__all__ = ["Lines", "Path", "Range", "Spot", "duplicate_keys", "find", "places_of"]

Path = tuple[str | int, ...]
_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"[ \t\r\n]*")
_read = JSONDecoder().raw_decode


class Range(NamedTuple):
    """From the first character to behind the last."""

    start: int
    end: int


class Spot(NamedTuple):
    """Where a value stands, and, for a member of an object, where its key does."""

    value: Range
    key: Range | None = None


class Lines:
    """Tells line and column of offsets in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def places_of(body: bytes, items: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Give line and column of each item of the first list in a JSON text."""
    at, line, column = 0, 1, 1
    start = body.index(b"[")
    for item in items:
        start = body.index(item, start)
        passed = body[at:start].decode()
        ends = [end.end() for end in _LINE_END.finditer(passed)]
        line += len(ends)
        column = len(passed) - ends[-1] + 1 if ends else column + len(passed)
        yield line, column
        at, start = start, start + len(item)


def find(text: str, paths: Iterable[Path]) -> dict[Path, Spot]:
    """Find places, and all that lie on the way to them; what is not in the text is left out."""
    root = _Wanted()
    for path in paths:
        wanted = root
        for step in path:
            wanted = wanted.below.setdefault(step, _Wanted())
    _visit(_Cursor(text), root, None)
    return dict(root.found(()))


def duplicate_keys(text: str) -> Iterator[tuple[Path, Range, Range]]:
    """Give each key that its object had before: its path, the first one's place, and its own."""
    return _duplicates(_Cursor(text), ())


class _Wanted:
    """A wanted place, or a step on the way to one."""

    def __init__(self) -> None:
        self.spot: Spot | None = None
        self.below: dict[str | int, _Wanted] = {}

    def forget(self) -> None:
        """Forget what an earlier member of the same name had: the last one counts."""
        if self.spot is not None:
            self.spot = None
            for wanted in self.below.values():
                wanted.forget()

    def found(self, path: Path) -> Iterator[tuple[Path, Spot]]:
        """Give what was found here and below."""
        if self.spot is not None:
            yield path, self.spot
            for step, wanted in self.below.items():
                yield from wanted.found((*path, step))


class _Cursor:
    """Reads a text from one value to the next; `at` is on the first character of a value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._twice = False
        self._note = JSONDecoder(object_pairs_hook=self._note_names)
        self.at = 0
        self._skip_space()

    def on_container(self) -> bool:
        """Say whether the value here has others in it."""
        return self._text[self.at] in "{["

    def has_duplicates(self) -> bool:
        """Say whether a name stands twice in an object here or below; stay before the value."""
        if not self.on_container():
            return False
        self._twice = False
        self._note.raw_decode(self._text, self.at)
        return self._twice

    def _note_names(self, pairs: list[tuple[str, object]]) -> None:
        self._twice = self._twice or len({name for name, _ in pairs}) != len(pairs)

    def skip(self) -> None:
        """Go behind the value."""
        _, self.at = _read(self._text, self.at)

    def children(self) -> Iterator[tuple[str | int, Range | None]]:
        """Go to each child in turn, give its step and its key's place; at last go behind all.

        Whoever takes a child goes behind it before taking the next.
        """
        text, index = self._text, 0
        closing = "}" if text[self.at] == "{" else "]"
        self._go_behind_mark()
        while text[self.at] != closing:
            if closing == "}":
                start = self.at
                name, self.at = _read(text, start)
                key = Range(start, self.at)
                self._skip_space()
                self._go_behind_mark()
                yield name, key
            else:
                yield index, None
                index += 1
            self._skip_space()
            if text[self.at] == ",":
                self._go_behind_mark()
        self.at += 1

    def _go_behind_mark(self) -> None:
        self.at += 1
        self._skip_space()

    def _skip_space(self) -> None:
        space = _SPACE.match(self._text, self.at)
        self.at = space.end() if space else self.at


def _visit(cursor: _Cursor, wanted: _Wanted, key: Range | None) -> None:
    """Note where the value here stands, and the wanted ones in it; go behind it."""
    wanted.forget()
    start = cursor.at
    if wanted.below and cursor.on_container():
        last = max((step for step in wanted.below if isinstance(step, int)), default=-1)
        for step, step_key in cursor.children():
            below = wanted.below.get(step)
            if below is None:
                cursor.skip()
            else:
                _visit(cursor, below, step_key)
            if step == last:  # of a list, nothing behind is wanted but its end
                cursor.at = start
                cursor.skip()
                break
    else:
        cursor.skip()
    wanted.spot = Spot(Range(start, cursor.at), key)


def _duplicates(cursor: _Cursor, path: Path) -> Iterator[tuple[Path, Range, Range]]:
    """Look into the containers that have a duplicate somewhere, and only into those."""
    if not cursor.has_duplicates():
        cursor.skip()
        return
    first: dict[str | int, Range] = {}
    for step, key in cursor.children():
        if key is not None and first.setdefault(step, key) is not key:
            yield (*path, step), first[step], key
        yield from _duplicates(cursor, (*path, step))
