"""What an audit finds, before it is made ready to be shown."""

from collections.abc import Iterator
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Finding, Severity, Source
from quaestor_shared.pointers import steps
from quaestor_validator.domain.positions import Path, Range
from quaestor_validator.domain.rules.base import Issue

__all__ = ["Found", "Path", "from_finding", "named_path", "steps_of", "value_at", "with_names"]

_NAMES = ("name", "provider", "technology", "id")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A breach with its code and what it weighs here.

    `subject` tells apart what else is alike, such as the names of two missing properties.
    `ranges` are places in the sent text that no path tells apart: the finding's own, then those
    of what is related. `line`, `column` and `end_column` are a place in the narrative.
    """

    code: str
    severity: Severity
    issue: Issue
    source: Source = Source.INSTANCE
    subject: str = ""
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    ranges: tuple[Range, ...] = ()
    known: bool = False


def from_finding(finding: Finding, document: Any) -> Found:  # noqa: ANN401 - a JSON value
    """Take in a finding of the narrative's comparison with a document."""
    issue = Issue(
        path=steps_of(finding.pointer, document),
        message=finding.message,
        expected=finding.expected,
        actual=finding.actual,
        fix=finding.fix.description if finding.fix else None,
        did_you_mean=finding.did_you_mean,
        patch=finding.fix.patch if finding.fix else (),
        safe=finding.fix.safe if finding.fix else False,
        related=tuple(
            (steps_of(place.pointer, document), place.message) for place in finding.related
        ),
    )
    return Found(
        code=finding.code,
        severity=finding.severity,
        issue=issue,
        source=Source.NARRATIVE if finding.line else Source.INSTANCE,
        subject=finding.expected or "",
        line=finding.line,
        column=finding.column,
        end_column=finding.end_column,
    )


def steps_of(pointer: str, document: Any) -> Path:  # noqa: ANN401 - a JSON value
    """Read a JSON Pointer as the path that it has in a document, indexes as numbers."""
    path: list[str | int] = []
    node = document
    for name in steps(pointer):
        step = int(name) if isinstance(node, list) and name.isdecimal() else name
        path.append(step)
        node = _child(node, step)
    return tuple(path)


def value_at(document: Any, path: Path) -> Any:  # noqa: ANN401 - a JSON value
    """Give what stands at a path; None where nothing does."""
    for step in path:
        document = _child(document, step)
    return document


def named_path(document: Any, path: Path) -> Iterator[tuple[str | int, str]]:  # noqa: ANN401 - a JSON value
    """Give each step with the name that stays when items move: a member's key, an item's name."""
    node = document
    for step in path:
        node = _child(node, step)
        yield step, step if isinstance(step, str) else _name_of(node)


def with_names(node: Any) -> Iterator[tuple[str | int, str, Any]]:  # noqa: ANN401 - a JSON value
    """Give each child of a value: its step, its name, and itself."""
    if isinstance(node, dict):
        yield from ((key, key, child) for key, child in node.items())
    elif isinstance(node, list):
        yield from ((index, _name_of(item), item) for index, item in enumerate(node))


def _name_of(item: Any) -> str:  # noqa: ANN401 - a JSON value
    if isinstance(item, dict):
        for key in _NAMES:
            if isinstance(name := item.get(key), str):
                return name
    return ""


def _child(node: Any, step: str | int) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None
