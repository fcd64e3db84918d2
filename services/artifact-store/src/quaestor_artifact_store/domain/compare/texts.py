"""Two texts, line by line, and two Markdown documents, section by section."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quaestor_shared.contracts.comparisons import SectionChange
from quaestor_shared.sections import END, START

__all__ = ["ends_in_fence", "section_changes", "split_sections", "unified"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_START, _END = START.decode(), END.decode()
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


class Section(NamedTuple):
    """A heading's lines, up to the next heading. `path` has the headings from the top."""

    path: tuple[str, ...]
    lines: tuple[str, ...]


def unified(before: Sequence[str], after: Sequence[str], first: str, second: str) -> str:
    """Give the difference in the unified form, three lines around each change."""
    lines = difflib.unified_diff(list(before), list(after), first, second)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def section_changes(before: str, after: str, first: str, second: str) -> Iterator[SectionChange]:
    """Give the sections that are not the same, as they stand in `after`, the removed ones last.

    A section is known by its headings from the top; of several with the same, the first belongs to
    the first.
    """
    old, new = _by_path(split_sections(before)), _by_path(split_sections(after))
    for key, section in new.items():
        there = old.get(key)
        if there is None or there.lines != section.lines:
            lines = there.lines if there is not None else ()
            change = "added" if there is None else "changed"
            yield _change(section.path, change, unified(lines, section.lines, first, second))
    for key, section in old.items():
        if key not in new:
            yield _change(section.path, "removed", unified(section.lines, (), first, second))


def split_sections(text: str) -> list[Section]:
    """Cut a document at its headings (CommonMark 4.2) and at the markers of owned sections.

    What stands before the first heading has no path; what stands behind an owned section has that
    of what stood before it. What looks like a heading or a marker inside a fenced block is none.
    """
    cutter, fence = _Cutter(), ""
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        fence = _fence_after(fence, bare)
        cutter.feed(line, "" if fence else bare)
    return cutter.done()


class _Cutter:
    """Takes lines, and cuts them into sections."""

    def __init__(self) -> None:
        self._sections: list[Section] = []
        self._path: list[tuple[int, str]] = []
        self._outside: list[tuple[int, str]] = []  # the path before the owned section
        self._lines: list[str] = []
        self._said: list[str] = []  # those of the lines that are not empty
        self._behind = False  # an owned section: empty lines belong to what follows

    def feed(self, line: str, bare: str) -> None:
        """Take a line; `bare` is what may be a heading or a marker in it."""
        mark = bare.strip()
        gap = self._behind and not self._said
        if mark == _START:
            if not gap:
                self._cut()
            self._outside = self._path
        elif heading := _HEADING.match(bare):
            if not gap and self._said != [_START]:
                self._cut()
            level = len(heading[1])
            self._path = [(above, name) for above, name in self._path if above < level]
            self._path.append((level, heading[2] or ""))
        self._lines.append(line)
        if line.strip():
            self._said.append(mark)
        if mark == _END:
            self._cut(behind=True)
            self._path = self._outside

    def done(self) -> list[Section]:
        """Give the sections."""
        self._cut()
        return self._sections

    def _cut(self, *, behind: bool = False) -> None:
        if self._lines:
            self._sections.append(
                Section(tuple(name for _, name in self._path), tuple(self._lines))
            )
        self._lines, self._said, self._behind = [], [], behind


def ends_in_fence(text: str) -> bool:
    """Say whether a fenced block of a text is not closed."""
    fence = ""
    for line in text.splitlines():
        fence = _fence_after(fence, line)
    return bool(fence)


def _fence_after(fence: str, line: str) -> str:
    """Give the fence that is open after a line, empty where none is (CommonMark 4.5)."""
    mark = _FENCE.match(line)
    if mark is None:
        return fence
    if not fence:
        return "" if mark[1][0] == "`" and "`" in mark[2] else mark[1]
    return "" if mark[1].startswith(fence) and not mark[2].strip() else fence


def _by_path(sections: list[Section]) -> dict[tuple[tuple[str, ...], int], Section]:
    found: dict[tuple[tuple[str, ...], int], Section] = {}
    seen: dict[tuple[str, ...], int] = {}
    for section in sections:
        nth = seen.get(section.path, 0)
        seen[section.path] = nth + 1
        found[section.path, nth] = section
    return found


def _change(path: tuple[str, ...], change: str, diff: str) -> SectionChange:
    return SectionChange(section=path, change=change, diff=diff)
