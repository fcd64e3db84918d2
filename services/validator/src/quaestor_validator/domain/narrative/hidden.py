"""What of a Markdown text a reader does not see, or sees struck through: neither tells anything."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from quaestor_validator.domain.narrative.blocks import Block, Kind, blocks

__all__ = ["shown_blocks"]

_TOKEN = re.compile(r"\\.|`+|<!--|~+", re.DOTALL)
_STRUCK = re.compile(r"^[\s*_|]*~~(?!~)")
_LONGEST_STRIKE = 2  # more tildes are none
_LEVEL = 3


def shown_blocks(markdown: str) -> list[Block]:
    """Give the blocks of a text without comments and without what is struck through."""
    found: list[Block] = []
    for block in blocks(markdown):
        if block.kind is Kind.CODE or (source := _visible(block.source)) == block.source:
            found.append(block)
        elif source.strip():
            found.append(block._replace(source=source))
    return list(_not_struck(found))


def _not_struck(found: Sequence[Block]) -> Iterator[Block]:
    """Leave out blocks from one that begins with `~~` to one that ends so, in a subsection."""
    ends = [i for i, block in enumerate(found) if _ends_strike(block)]
    titles = [i for i, b in enumerate(found) if b.kind is Kind.HEADING and b.rank <= _LEVEL]
    until = -1
    for index, block in enumerate(found):
        if index > until and block.kind is not Kind.CODE and _STRUCK.match(block.source):
            end = _first_after(ends, index, len(found))
            if end < _first_after(titles, index, len(found)):
                until = end
        if index > until:
            yield block


def _first_after(places: Sequence[int], index: int, default: int) -> int:
    at = bisect_left(places, index + 1)
    return places[at] if at < len(places) else default


def _ends_strike(block: Block) -> bool:
    source = block.source.rstrip(" *_|\n")
    return (
        block.kind is not Kind.CODE and source.endswith("~~") and source[-3:-2] not in ("\\", "~")
    )


def _visible(source: str) -> str:
    """Take comments and struck text out of one block; what stands in code spans stays."""
    if "<!--" not in source and "~" not in source:
        return source
    runs: dict[int, list[int]] = {}
    for run in re.finditer(r"`+", source):
        runs.setdefault(len(run[0]), []).append(run.start())
    hidden: list[tuple[int, int]] = []
    opened: dict[int, int] = {}
    last_comment_end = source.rfind("-->")
    done = 0
    while (token := _TOKEN.search(source, done)) is not None:
        mark, done = token[0], token.end()
        if mark[0] == "`":
            done = _after_code(runs.get(len(mark), ()), done, len(mark))
        elif mark == "<!--" and last_comment_end >= done:
            done = source.index("-->", done) + 3
            hidden.append((token.start(), done))
        elif mark[0] == "~" and len(mark) <= _LONGEST_STRIKE:
            after_word = token.start() > 0 and not source[token.start() - 1].isspace()
            start = opened.pop(len(mark), None) if after_word else None
            if start is not None:
                hidden.append((start, done))
            elif done < len(source) and not source[done].isspace():
                opened[len(mark)] = token.start()
    return _without(source, hidden)


def _after_code(closers: Sequence[int], done: int, length: int) -> int:
    index = bisect_left(closers, done)
    return closers[index] + length if index < len(closers) else done


def _without(source: str, hidden: Sequence[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in sorted(hidden):
        if start >= done:
            # A line end inside is kept, so that what follows stays in its line.
            parts += [source[done:start], "\n" * source.count("\n", start, end)]
        done = max(done, end)
    return "".join([*parts, source[done:]])
