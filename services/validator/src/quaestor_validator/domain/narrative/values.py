"""The values that stand in a block, and where."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.artifact import Artifact, Method
from quaestor_shared.markdown import fold, plain
from quaestor_validator.domain.narrative.blocks import Block

__all__ = [
    "METHOD",
    "Shown",
    "after_label",
    "beside_spans",
    "column_of",
    "end_of",
    "listed",
    "spans",
    "value_at",
]

_JOINING = frozenset(("", ",", ";", "&", "and"))
METHOD = re.compile(rf"\b({'|'.join(Method)})\b")
_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


class Shown(NamedTuple):
    """A value as a reader sees it, and as it is written."""

    text: str
    source: str


def spans(source: str) -> Iterator[Shown]:
    """Give the code spans of a block."""
    for span in _SPAN.finditer(source):
        yield Shown(plain(span[0]), span[0])


def after_label(block: Block, label: str) -> Shown:
    """Give what follows a label such as `Service level: `, whatever its letter case."""
    parts = block.source.split(":", label.count(":"))
    rest = parts[-1] if len(parts) > 1 else block.source
    return Shown(fold(plain(rest)), rest.strip())


def listed(block: Block, label: str) -> list[Shown]:
    """Give the names that follow a label: each as code, or parted by commas."""
    rest = after_label(block, label)
    if found := list(spans(rest.source)):
        return found
    if rest.text.casefold() in ("none", "none.", ""):
        return []
    return [Shown(plain(part), part.strip()) for part in rest.source.split(",") if part.strip()]


def column_of(lines: Sequence[str], block: Block, shown: Shown) -> tuple[int, int]:
    """Give line and column, from 1, of what is written in a block; `lines` are the document's."""
    extent = block.source.count("\n") + 1
    first = shown.source.split("\n", 1)[0]
    for number in range(block.line, block.line + extent):
        if number <= len(lines) and first and (at := lines[number - 1].rfind(first)) >= 0:
            return number, at + 1
    line = lines[block.line - 1] if block.line <= len(lines) else ""
    return block.line, len(line) - len(line.lstrip()) + 1


def value_at(artifact: Artifact, path: Sequence[str | int]) -> Any:  # noqa: ANN401 - a JSON value
    """Give what stands at a path of an artifact."""
    value: Any = artifact
    for step in path:
        inside = isinstance(step, str) and isinstance(value, msgspec.Struct)
        value = getattr(value, str(step)) if inside else value[step]
    return value


def beside_spans(source: str) -> str:
    """Give what stands beside the code spans of a text; nothing where that joins them alone."""
    rest, count = _SPAN.subn(" ", source)
    words = fold(rest).strip(" .*_").split(" ")
    return " ".join(words) if count and not _JOINING.issuperset(words) else ""


def end_of(lines: Sequence[str], line: int, column: int, shown: Shown) -> int:
    """Give the column behind what is written at a place; behind the line where that is not there.

    Of what goes on in the next line, it is the end of this one.
    """
    whole = lines[line - 1] if line <= len(lines) else ""
    first = shown.source.split("\n", 1)[0]
    found = first and whole.startswith(first, column - 1)
    return column + len(first) if found else max(column, len(whole.rstrip()) + 1)
