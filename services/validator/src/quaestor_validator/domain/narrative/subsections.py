"""The subsections of a section, by their titles."""

import re
from collections.abc import Sequence

from quaestor_shared.markdown import fold
from quaestor_validator.domain.narrative.blocks import Block, Kind

__all__ = ["split", "title_key"]

_LEVEL = 3
_PARENTHESIS = re.compile(r"\s*\(.*\)$")


def split(section: Sequence[Block]) -> dict[str, list[Block]]:
    """Split a section at its headings of the third level, or above; by the keys of their titles."""
    parts: dict[str, list[Block]] = {}
    current: list[Block] = []
    for block in section:
        if block.kind is Kind.HEADING and block.rank <= _LEVEL:
            current = parts.setdefault(title_key(block.text), [])
        else:
            current.append(block)
    return parts


def title_key(title: str) -> str:
    """Fold a title; what it adds in parentheses may be left out."""
    return _PARENTHESIS.sub("", fold(title)).casefold()
