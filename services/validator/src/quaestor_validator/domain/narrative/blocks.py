"""The blocks of a Markdown text, as far as finding things in it takes."""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from quaestor_shared.markdown import fold, plain

__all__ = ["Block", "Kind", "blocks"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}|~{3,})([^`]*)$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:\s+(.*?))??(?:\s+#+)?\s*$")
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.*)$")
# A comment that begins a line, in a list item too, ends in the line that has its end.
_COMMENT = re.compile(r"^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)<!--")
# What is struck through as it stands, mark and all; no mark of a list, but meant as an item.
_STRUCK_ITEM = re.compile(r"^(\s*)~~(?:[-*+]|\d{1,9}[.)])\s+(.*)$")
_ROW = re.compile(r"^(\s*)\|(.*)$")


class Kind(IntEnum):
    """What a block is."""

    HEADING = 0
    ITEM = 1
    TEXT = 2
    CODE = 3


class Block(NamedTuple):
    """A block; `rank` is a heading's level, or 10 and the indentation of what is none.

    `source` is the Markdown without the mark that starts the block, `line` where that starts,
    counted from 1.
    """

    kind: Kind
    rank: int
    source: str
    line: int = 0

    @property
    def text(self) -> str:
        """What a reader sees, white space folded."""
        return fold(self.source) if self.kind is Kind.CODE else plain(self.source)


def blocks(markdown: str) -> Iterator[Block]:
    """Split a text into headings, list items, table rows, paragraphs and code, without comments."""
    current: Block | None = None
    fence: str | None = None
    hidden = False
    for number, written in enumerate(_LINE_END.split(markdown), 1):
        line = written
        if fence is None:
            line, hidden = _uncommented(line, hidden=hidden)
            if not line.strip() and written.strip():
                continue
        if fence is not None and current is not None:
            if _closes(line, fence):
                yield current
                current, fence = None, None
            else:
                current = current._replace(source=f"{current.source}\n{line}")
            continue
        started = _start(line)
        if started is None and current is not None and line.strip():
            current = current._replace(source=f"{current.source}\n{line.strip()}")
            continue
        if current is not None:
            yield current
        current = started or _paragraph(line)
        current = current and current._replace(line=number)
        if current is not None and current.kind is Kind.CODE:
            opened = _FENCE.match(line)
            fence = opened[1] if opened else None
    if current is not None:
        yield current


def _uncommented(line: str, *, hidden: bool) -> tuple[str, bool]:
    """Take the comment out that a line begins with, and say whether it goes on in the next."""
    begins = _COMMENT.match(line)
    if not hidden and begins is None:
        return line, False
    before = begins[1] if begins is not None and not hidden else ""
    _, end, rest = line[len(before) :].partition("-->")
    if not end:
        return "", True
    return (f"{before}{rest}" if rest.strip() else ""), False


def _start(line: str) -> Block | None:
    """Give the block that a line starts whatever stood before it."""
    if _FENCE.match(line):
        return Block(Kind.CODE, 1_000, "")
    if heading := _HEADING.match(line):
        return Block(Kind.HEADING, len(heading[1]), heading[2] or "")
    if item := _ITEM.match(line):
        return Block(Kind.ITEM, 10 + len(item[1]), item[2])
    if struck := _STRUCK_ITEM.match(line):
        return Block(Kind.ITEM, 10 + len(struck[1]), f"~~{struck[2]}")
    if row := _ROW.match(line):
        return Block(Kind.ITEM, 10 + len(row[1]), row[2])
    return None


def _paragraph(line: str) -> Block | None:
    if not line.strip():
        return None
    return Block(Kind.TEXT, 10 + len(line) - len(line.lstrip()), line.strip())


def _closes(line: str, fence: str) -> bool:
    mark = line.strip()
    return len(mark) >= len(fence) and set(mark) == {fence[0]}
