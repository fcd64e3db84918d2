"""Which block of a subsection is which line of the one that would be written now.

What is the same is paired first, in its order; between that, a block is paired with a line of the
same form and label. What is left on either side was added or taken away.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from quaestor_shared.json_patch import rising
from quaestor_shared.narrative import Form, Line
from quaestor_validator.domain.narrative.blocks import Block, Kind, blocks

__all__ = ["Written", "align", "fits", "written"]


class Written(NamedTuple):
    """A line as it would be written now, and the block that it makes."""

    line: Line
    block: Block


def written(lines: Sequence[Line]) -> list[Written]:
    """Read the lines as blocks."""
    return [Written(line, block) for line in lines for block in blocks(line.text)]


def align(
    lines: Sequence[Written], part: Sequence[Block]
) -> Iterator[tuple[Written | None, Block]]:
    """Give each block that is not the same as a line: with its line, or by itself."""
    kept = rising([_key(line.block) for line in lines], [_key(block) for block in part])
    ends = [(-1, -1), *kept, (len(lines), len(part))]
    for (i, j), (end_i, end_j) in pairwise(ends):
        left = list(lines[i + 1 : end_i])
        for block in part[j + 1 : end_j]:
            line = next((each for each in left if fits(each, block)), None)
            if line is not None:
                # What stood before it was taken away: the order stays.
                del left[: left.index(line) + 1]
            yield line, block


def _key(block: Block) -> bytes:
    return f"{block.kind} {block.text}".encode()


def fits(line: Written, block: Block) -> bool:
    """Say whether a block may be a line with something changed in it."""
    own = line.block
    if block.kind is not own.kind or block.rank != own.rank:
        return False
    match line.line.form:
        case Form.NAME:
            return block.source.startswith("**`") and block.source.rstrip().endswith("`**")
        case Form.STORE:
            return block.source.startswith("**`") and "`** as `" in block.source
        case Form.TEXT | Form.CHOICE | Form.LIST | Form.JSON:
            label = next(blocks(line.line.label + "x")).text[:-1]
            return block.text.casefold().startswith(label.strip().casefold())
        case Form.OVERVIEW:
            return block.kind is Kind.TEXT and block.source.startswith("The backend of ")
        case Form.ITEM:
            return True
        case _:
            return False
