"""Diagnostics as editors take them: the Language Server Protocol's `publishDiagnostics`.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Finding, RelatedPlace, Severity
from quaestor_shared.contracts.validation import ValidationReport
from quaestor_validator.domain.outputs.subject import Subject, said

__all__ = ["as_lsp"]

_SEVERITIES = {Severity.ERROR: 1, Severity.WARN: 2, Severity.INFO: 3}
_encode = msgspec.json.Encoder().encode


def as_lsp(report: ValidationReport, subject: Subject) -> str:
    """Write the parameters of one notification for each text that has findings."""
    files: dict[str, list[dict[str, Any]]] = {subject.path: []}
    for finding in report.findings:
        files.setdefault(subject.file_of(finding), []).append(_diagnostic(finding, subject))
    found = [{"uri": uri, "diagnostics": diagnostics} for uri, diagnostics in files.items()]
    return _encode(found).decode()


def _diagnostic(finding: Finding, subject: Subject) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "range": _range(finding, subject),
        "severity": _SEVERITIES[finding.severity],
        "code": finding.code,
        "source": "quaestor",
        "message": said(finding),
        "data": {
            "pointer": finding.pointer,
            "fingerprint": finding.fingerprint,
            "fix": finding.fix,
            "known": finding.known,
        },
    }
    related = [_related(place, subject) for place in finding.related if place.line]
    if related:
        diagnostic["relatedInformation"] = related
    return diagnostic


def _range(finding: Finding, subject: Subject) -> dict[str, Any]:
    line = subject.line_of(finding) or ""
    start = _position(finding.line or 1, finding.column or 1, line)
    if finding.end_line is None or finding.end_column is None:
        return {"start": start, "end": start}
    last = line if finding.end_line == finding.line else subject.line_at(finding.end_line)
    return {"start": start, "end": _position(finding.end_line, finding.end_column, last)}


def _position(line: int, column: int, text: str) -> dict[str, int]:
    """Count from 0, and columns in UTF-16 code units, as editors do."""
    before = text[: column - 1]
    units = len(before.encode("utf-16-le", "surrogatepass")) // 2
    return {"line": line - 1, "character": units + max(0, column - 1 - len(before))}


def _related(place: RelatedPlace, subject: Subject) -> dict[str, Any]:
    line, column = place.line or 1, place.column or 1
    at = _position(line, column, subject.line_at(line))
    location = {"uri": subject.path, "range": {"start": at, "end": at}}
    return {"location": location, "message": place.message}
