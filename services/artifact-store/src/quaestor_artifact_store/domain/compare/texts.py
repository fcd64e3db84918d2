"""Two texts, line by line, and two Markdown documents, section by section."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quaestor_shared.contracts.comparisons import SectionChange

__all__ = ["ends_in_fence", "section_changes", "split_sections", "unified"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
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
    """Cut a document at its headings (CommonMark 4.2); what stands before the first has no path.

    What looks like a heading inside a fenced block is none.
    """
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        fence = _fence_after(fence, bare)
        heading = None if fence else _HEADING.match(bare)
        if heading is not None:
            sections.append(Section(tuple(name for _, name in path), tuple(lines)))
            level = len(heading[1])
            path = [(above, name) for above, name in path if above < level]
            path.append((level, heading[2] or ""))
            lines = []
        lines.append(line)
    sections.append(Section(tuple(name for _, name in path), tuple(lines)))
    return [section for section in sections if section.lines]


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
