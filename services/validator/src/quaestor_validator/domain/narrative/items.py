"""Which blocks of a subsection tell of which item.

An item begins where its name leads a list item, a heading or a table row, and ends where the
next one begins. A narrative that is not laid out like that is searched as a whole.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from quaestor_shared.markdown import fold, plain
from quaestor_validator.domain.narrative.blocks import Block, Kind
from quaestor_validator.domain.narrative.passage import Passage

__all__ = ["leads", "owners", "passages"]

_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)|(\*\*|__)(.+?)\3")
_EMPHASIS = re.compile(r"^[*_\s|]+")
_AFTER = " :;,.|*_-\u2013\u2014"
_MOST_WORDS = 12


def owners(blocks: Sequence[Block], names: Collection[str]) -> list[str | None]:
    """Give the name of the item that each block belongs to; the names are folded."""
    anchors = _anchors(blocks, names)
    found: list[str | None] = [None] * len(blocks)
    for start, following in pairwise([*sorted(anchors), len(blocks)]):
        for index in range(start, _end(blocks, start, following)):
            found[index] = anchors[start]
    return found


def leads(blocks: Sequence[Block], names: Collection[str]) -> list[int]:
    """Give the blocks that stand where items begin: like a known one, in rank and in style."""
    styles = {_style(blocks[index]) for index in _anchors(blocks, names)}
    return [index for index, block in enumerate(blocks) if _style(block) in styles]


def _style(block: Block) -> tuple[Kind, int, str]:
    """Tell how a block begins: in bold, as code, as both, or in plain words."""
    marks = re.match(r"(?:\*\*|__)?`?", block.source)
    return block.kind, block.rank, (marks[0] if marks else "").replace("__", "**")


def passages(blocks: Sequence[Block], names: Collection[str]) -> Mapping[str, Passage]:
    """Give the passage of each item that has one of its own; the names are folded."""
    anchors = _anchors(blocks, names)
    starts = sorted(anchors)
    texts: dict[str, list[str]] = {}
    for start, following in pairwise([*starts, len(blocks)]):
        end = _end(blocks, start, following)
        texts.setdefault(anchors[start], []).extend(b.text for b in blocks[start:end])
    return {name: Passage(found) for name, found in texts.items()}


def _anchors(blocks: Sequence[Block], names: Collection[str]) -> dict[int, str]:
    """Find where items begin: by the name that leads, else by the name in bold or as code.

    Only on one level: a name further in is a mention inside another item.
    """
    led = {i: name for i, block in enumerate(blocks) if (name := _lead(block, names))}
    shown = {i: name for i, block in enumerate(blocks) if (name := _shown(block, names))}
    level = min((blocks[i].rank for i in led or shown), default=0)
    anchors = {i: name for i, name in led.items() if blocks[i].rank == level}
    placed = set(anchors.values())
    for i, name in shown.items():
        if i not in anchors and name not in placed and blocks[i].rank == level:
            anchors[i] = name
    return anchors


def _end(blocks: Sequence[Block], start: int, following: int) -> int:
    """Find where an item ends: a heading above it, or a paragraph that is not indented."""
    anchor = blocks[start]
    for i in range(start + 1, following):
        block = blocks[i]
        outside = block.rank < anchor.rank or (
            block.kind is Kind.TEXT and anchor.kind is Kind.ITEM and block.rank == anchor.rank
        )
        if outside:
            return i
    return following


def _lead(block: Block, names: Collection[str]) -> str | None:
    """Give the name that a block begins with."""
    if block.kind is Kind.CODE:
        return None
    source = _EMPHASIS.sub("", block.source.split("\n", 1)[0])
    span = _SPAN.match(source)
    if span is not None and (name := fold(span[2] or plain(span[4]))) in names:
        return name
    words = plain(source).split(" ")
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        name = " ".join(words[:count])
        for candidate in (name, name.rstrip(_AFTER)):
            if candidate in names:
                return candidate
    return None


def _shown(block: Block, names: Collection[str]) -> str | None:
    """Give the first name that stands in a block as code or in bold."""
    if block.kind in (Kind.CODE, Kind.TEXT):
        return None
    for span in _SPAN.finditer(block.source):
        name = fold(span[2] or plain(span[4]))
        if name in names:
            return name
        inner = _SPAN.fullmatch(span[4]) if span[4] else None
        if inner is not None and (name := fold(inner[2] or "")) in names:
            return name
    return None
