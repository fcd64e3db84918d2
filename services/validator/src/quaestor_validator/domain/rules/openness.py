"""What is not decided yet."""

from collections.abc import Iterator
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Severity
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design

__all__ = ["RULES"]

_UNKNOWN = "unknown"
# What an example payload says is data, not a decision.
_DATA = "payload_examples"


def unknown_values(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find leaves that say no more than "unknown"."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), msgspec.to_builtins(design.artifact))]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(
                ((*path, key), item) for key, item in reversed(node.items()) if key != _DATA
            )
        elif isinstance(node, list | tuple):
            stack.extend(((*path, i), node[i]) for i in reversed(range(len(node))))
        elif isinstance(node, str) and node.strip().casefold() == _UNKNOWN:
            yield Issue(
                path=path,
                message="this is not decided yet",
                actual=f'"{_UNKNOWN}"',
                fix="decide it, or keep it as an open question for those who go on from here",
            )


RULES = (
    Rule(
        code="openness/unknown-value",
        severity=Severity.INFO,
        title="Every value is decided",
        check=unknown_values,
    ),
)
