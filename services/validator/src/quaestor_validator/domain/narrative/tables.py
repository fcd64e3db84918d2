"""Rows of tables that tell of one item each."""

import re
from collections.abc import Collection, Iterator, Sequence

from quaestor_shared.markdown import plain
from quaestor_validator.domain.narrative.blocks import Block, Kind
from quaestor_validator.domain.words import listed

__all__ = ["first_cell", "is_row", "table_rows"]

_DELIMITER = re.compile(r"[\s:|-]*-[\s:|-]*")
_ITEMS = frozenset(
    listed("entity, model, table, api, endpoint, service, provider, process, job, store")
)
_FEWEST_ROWS = 3  # with the head and the line below it


def table_rows(blocks: Sequence[Block], anchors: Collection[int]) -> set[int]:
    """Give the rows of those tables where a row begins an item, or whose head says so."""
    found: set[int] = set()
    for rows in _tables(blocks):
        head = first_cell(blocks[rows[0]]).casefold().removesuffix("s")
        if head in _ITEMS or any(index in anchors for index in rows):
            found.update(rows[2:])
    return found


def first_cell(block: Block) -> str:
    """Give what the first cell of a row shows, emphasis taken off."""
    return plain(block.source.strip(" |").split("|", 1)[0]).strip(" *_")


def _tables(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Give the indices of the rows of each table."""
    rows: list[int] = []
    for index, block in enumerate(blocks):
        if is_row(block) and (not rows or blocks[rows[-1]].line + 1 == block.line):
            rows.append(index)
            continue
        if _is_table(blocks, rows):
            yield rows
        rows = [index] if is_row(block) else []
    if _is_table(blocks, rows):
        yield rows


def is_row(block: Block) -> bool:
    """Say whether a block is a row of a table."""
    return block.kind is Kind.ITEM and block.source.rstrip().endswith("|")


def _is_table(blocks: Sequence[Block], rows: Sequence[int]) -> bool:
    return len(rows) >= _FEWEST_ROWS and _DELIMITER.fullmatch(blocks[rows[1]].source) is not None
