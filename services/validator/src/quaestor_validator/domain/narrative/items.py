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
from quaestor_validator.domain.narrative.tables import table_rows

__all__ = ["COMMON", "IDENTIFIER", "Layout", "passage_of", "passages"]

_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)|(\*\*|__)(.+?)\3")
_EMPHASIS = re.compile(r"^[*_\s|]+")
IDENTIFIER = re.compile(r"[A-Za-z][a-z0-9]*(?:[A-Z_/.-][A-Za-z0-9]*)+|/\S+|[a-z0-9]+_\w+")
# What headings say that are the name of nothing.
COMMON = re.compile(
    r"\b(?:internal|external|notes?|overview|summary|general|details?|examples?|relationships?|fields"
    r"|index(?:es)?|caching|scaling|diagrams?|migrations?|other|others|todo|changes|history|faq)\b",
    re.IGNORECASE,
)
_AFTER = " :;,.|*_-\u2013\u2014"
_MOST_WORDS = 12


class Layout:
    """Which item each block of a subsection belongs to; the names are folded.

    `owners` has a name for each block, or None. `starts` has, for each block, where the item begins
    that it belongs to, be it known or a stranger; None outside of items. `strangers` are the blocks
    where an item begins that has none of the names.
    """

    def __init__(self, blocks: Sequence[Block], names: Collection[str]) -> None:
        anchors = _anchors(blocks, names)
        self.strangers = _strangers(blocks, anchors)
        self.owners: list[str | None] = [None] * len(blocks)
        self.starts: list[int | None] = [None] * len(blocks)
        for start, following in pairwise([*sorted({*anchors, *self.strangers}), len(blocks)]):
            for index in range(start, _end(blocks, start, following)):
                self.owners[index] = anchors.get(start)
                self.starts[index] = start


def _strangers(blocks: Sequence[Block], anchors: Mapping[int, str]) -> set[int]:
    """Find the blocks that stand where items begin: like a known one, in rank and in style."""
    styles = {_style(blocks[index]) for index in anchors}
    rows = table_rows(blocks, anchors)
    return {
        index
        for index, block in enumerate(blocks)
        if index not in anchors
        and (index in rows or (_style(block) in styles and _begins_item(block)))
    }


def _begins_item(block: Block) -> bool:
    """Say whether a block that looks like the beginning of an item may be one."""
    if block.kind is Kind.HEADING:
        return bool(block.text) and not COMMON.search(block.text)
    if _style(block)[2]:
        return True
    head = block.source.split(None, 1)
    return bool(head) and IDENTIFIER.fullmatch(head[0].rstrip(_AFTER)) is not None


def _style(block: Block) -> tuple[Kind, int, str]:
    """Tell how a block begins: in bold, as code, as both, or in plain words."""
    marks = re.match(r"(?:\*\*|__)?`?", block.source)
    return block.kind, block.rank, (marks[0] if marks else "").replace("__", "**")


def passages(blocks: Sequence[Block], names: Collection[str]) -> Mapping[str | None, Passage]:
    """Give the passage of each item that has one of its own, and, under None, of all the rest."""
    found: dict[str | None, list[Block]] = {}
    for block, name in zip(blocks, Layout(blocks, names).owners, strict=True):
        found.setdefault(name, []).append(block)
    return {name: passage_of(own) for name, own in found.items()}


def passage_of(blocks: Sequence[Block]) -> Passage:
    """Give what blocks tell."""
    code = [block.text for block in blocks if block.kind is Kind.CODE]
    return Passage((block.text for block in blocks if block.kind is not Kind.CODE), code)


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
