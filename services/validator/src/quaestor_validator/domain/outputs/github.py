"""Annotations in a log of GitHub Actions.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Sequence

from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_validator.domain.outputs.subject import Audit, Subject, advice, findings_of, said

__all__ = ["as_github"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARN: "warning", Severity.INFO: "notice"}


def as_github(audits: Sequence[Audit]) -> str:
    """Write one command a finding. A step shows ten of a kind, so the gravest come first."""
    shown = findings_of(audits)
    return "".join(_command(finding, subject) for finding, subject in shown if not finding.known)


def _command(finding: Finding, subject: Subject) -> str:
    places = {
        "file": subject.text_of(finding).path,
        "line": finding.line or 1,
        "endLine": finding.end_line,
        "col": finding.column,
        "endColumn": finding.end_column,
        "title": finding.code,
    }
    given = ",".join(f"{key}={_property(str(v))}" for key, v in places.items() if v is not None)
    hint = advice(finding)
    message = f"{said(finding)} ({hint})" if hint else said(finding)
    return f"::{_COMMANDS[finding.severity]} {given}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
