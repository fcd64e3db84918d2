"""What is not decided yet."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Path, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import is_open

__all__ = ["RULES"]

_UNKNOWN = "unknown"
# What an example payload says is data, not a decision; a question may well speak of what is open.
_NOT_DECISIONS = frozenset(("payload_examples", "open_questions"))
_PLACEHOLDER = re.compile(r"\b(?:TBD|TBC|TODO|FIXME|XXX|lorem ipsum)\b")


def unknown_values(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find leaves that say no more than "unknown"."""
    if b"unknown" not in _encoded(design).lower():
        return
    for path, text in _decisions(design):
        if len(text) < 20 and text.strip().casefold() == _UNKNOWN:
            yield Issue(
                path=path,
                message="this is not decided yet",
                actual=f'"{_UNKNOWN}"',
                fix="decide it, or keep it as an open question for those who go on from here",
            )


def placeholders(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find leaves that hold the place of a decision: `TBD`, `TODO`, `???`."""
    encoded = _encoded(design)
    lower = encoded.lower()
    marks = (b"tb", b"todo", b"to do", b"to be ", b"decided", b"fixme", b"xxx", b"lorem ipsum")
    if not any(mark in lower for mark in marks) and b'?"' not in encoded and b'."' not in encoded:
        return
    for path, text in _decisions(design):
        if text.strip().casefold() == _UNKNOWN:
            continue
        if is_open(text) or (_PLACEHOLDER.search(text) and len(text) < 2_000):
            yield Issue(
                path=path,
                message="this holds the place of a decision",
                expected="the decision",
                actual=cut(text),
                fix="decide it, or write `unknown` and keep the question in `open_questions`",
            )


def _encoded(design: Design) -> bytes:
    return msgspec.json.encode(design.artifact)


def _decisions(design: Design) -> Iterator[tuple[Path, str]]:
    stack: list[tuple[Path, Any]] = [((), msgspec.to_builtins(design.artifact))]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(
                ((*path, key), item)
                for key, item in reversed(node.items())
                if key not in _NOT_DECISIONS
            )
        elif isinstance(node, list | tuple):
            stack.extend(((*path, i), node[i]) for i in reversed(range(len(node))))
        elif isinstance(node, str):
            yield path, node


RULES = (
    Rule(
        code="openness/unknown-value",
        severity=Severity.INFO,
        title="Every value is decided",
        check=unknown_values,
    ),
    Rule(
        code="openness/placeholder",
        severity=Severity.INFO,
        title="No value holds the place of a decision",
        check=placeholders,
    ),
)
