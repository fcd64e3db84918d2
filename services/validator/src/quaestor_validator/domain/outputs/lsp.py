"""Diagnostics as editors take them: the Language Server Protocol's `publishDiagnostics`.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Finding, RelatedPlace, Severity
from quaestor_validator.domain.outputs.subject import Audit, Text, findings_of, said

__all__ = ["as_lsp"]

_SEVERITIES = {Severity.ERROR: 1, Severity.WARN: 2, Severity.INFO: 3}
_encode = msgspec.json.Encoder().encode


def as_lsp(audits: Sequence[Audit]) -> str:
    """Write the parameters of one notification for each document, and each text with findings."""
    files: dict[str, list[dict[str, Any]]] = {_uri(audit.subject.document): [] for audit in audits}
    for finding, subject in findings_of(audits):
        text = subject.text_of(finding)
        files.setdefault(_uri(text), []).append(_diagnostic(finding, text))
    found = [{"uri": uri, "diagnostics": diagnostics} for uri, diagnostics in files.items()]
    return _encode(found).decode()


def _uri(text: Text) -> str:
    return text.address or text.uri


def _diagnostic(finding: Finding, text: Text) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "range": _range(finding, text),
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
    related = [_related(place, text) for place in finding.related if place.line]
    if related:
        diagnostic["relatedInformation"] = related
    return diagnostic


def _range(finding: Finding, text: Text) -> dict[str, Any]:
    """Give the place, to the end of its line where its end is not known."""
    line = text.line(finding.line) or ""
    start = _position(finding.line or 1, finding.column or 1, line)
    if finding.end_line is None or finding.end_column is None:
        end = _position(finding.line or 1, len(line) + 1, line)
        return {"start": start, "end": max(start, end, key=lambda at: at["character"])}
    last = line if finding.end_line == finding.line else text.line(finding.end_line) or ""
    return {"start": start, "end": _position(finding.end_line, finding.end_column, last)}


def _position(line: int, column: int, text: str) -> dict[str, int]:
    """Count from 0, and columns in UTF-16 code units, as editors do."""
    before = text[: column - 1]
    units = len(before.encode("utf-16-le", "surrogatepass")) // 2
    return {"line": line - 1, "character": units + max(0, column - 1 - len(before))}


def _related(place: RelatedPlace, text: Text) -> dict[str, Any]:
    line, column = place.line or 1, place.column or 1
    at = _position(line, column, text.line(line) or "")
    location = {"uri": _uri(text), "range": {"start": at, "end": at}}
    return {"location": location, "message": place.message}
