"""A report for people at a terminal: each finding with the line it is about, and a caret frame."""

import unicodedata
from collections.abc import Sequence

from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.validation import ValidationReport
from quaestor_validator.domain.outputs.subject import Audit, Subject

__all__ = ["as_text", "summary_of"]

_WIDTH = 100  # columns of a source line that are shown
_BEFORE = 30  # of them before what is marked, where the line is longer


def as_text(audits: Sequence[Audit]) -> str:
    """Write every finding, a blank line between two, and the counts last.

    Of many documents each has its counts behind its name.
    """
    named = len(audits) > 1
    return "\n".join(
        "\n".join(
            [
                *(_finding(finding, subject) for finding in report.findings),
                f"{f'{subject.document.path}: ' if named else ''}{summary_of(report)}\n",
            ]
        )
        for report, subject in audits
    )


def summary_of(report: ValidationReport) -> str:
    """Say in a line what was found."""
    counts = report.counts
    numbers = (
        (counts.error, "error"),
        (counts.warn, "warning"),
        (counts.info, "remark"),
        (counts.known, "known"),
        (counts.suppressed, "suppressed"),
        (counts.left_out, "left out"),
    )
    told = [
        f"{number} {name}{'s' if number != 1 and place < 3 else ''}"
        for place, (number, name) in enumerate(numbers)
        if number or place < 3
    ]
    verdict = "valid" if report.valid else "not valid"
    least = "" if report.complete else "at least "
    return f"{verdict} against {report.schema}: {least}{', '.join(told)}"


def _finding(finding: Finding, subject: Subject) -> str:
    known = " (known)" if finding.known else ""
    lines = [f"{finding.severity.value}{known} {finding.code}: {finding.message}"]
    place = subject.text_of(finding).path
    if finding.line:
        place += f":{finding.line}:{finding.column or 1}"
    margin = " " * len(str(finding.line or ""))
    lines.append(f"{margin}--> {place}  {finding.pointer or '/'}")
    lines += _frame(finding, subject, margin)
    for name, text in (
        ("expected", finding.expected),
        ("found", finding.actual),
        ("fix", finding.fix.description if finding.fix else None),
        ("see", finding.rule_url),
    ):
        if text:
            lines.append(f"{margin} = {name}: {text}")
    for other in finding.related:
        where = f"line {other.line}, " if other.line else ""
        lines.append(f"{margin} = {where}{other.pointer or '/'}: {other.message}")
    return "\n".join(lines) + "\n"


def _frame(finding: Finding, subject: Subject, margin: str) -> list[str]:
    line = subject.text_of(finding).line(finding.line)
    if line is None or finding.column is None:
        return []
    start = finding.column - 1
    end = len(line)
    if finding.end_line == finding.line and finding.end_column is not None:
        end = max(finding.end_column - 1, start + 1)
    begin = max(0, start - _BEFORE) if len(line) > _WIDTH else 0
    shown = line[begin : begin + _WIDTH].expandtabs(1)
    marked = shown[start - begin : end - begin]
    cut = "…" if begin else ""
    space = " " * (_columns(shown[: start - begin]) + len(cut))
    carets = "^" * max(1, _columns(marked))
    hint = f" did you mean {finding.did_you_mean}?" if finding.did_you_mean else ""
    more = "…" if begin + _WIDTH < len(line) else ""
    return [
        f"{margin} |",
        f"{finding.line} | {cut}{_printable(shown)}{more}",
        f"{margin} | {space}{carets}{hint}",
    ]


def _printable(text: str) -> str:
    """Show control characters as a replacement: a text must not steer the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _columns(text: str) -> int:
    """Count the columns that a text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)
