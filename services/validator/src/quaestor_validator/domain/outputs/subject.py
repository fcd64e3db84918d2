"""What a report is about, as the forms name and show it."""

import re
from functools import cached_property
from urllib.parse import quote

import msgspec

from quaestor_shared.contracts.findings import Finding, Severity, Source

__all__ = ["WEIGHTS", "Subject", "advice", "said"]

WEIGHTS = {Severity.ERROR: 0, Severity.WARN: 1, Severity.INFO: 2}
_LINE_END = re.compile(r"\r\n|\r|\n")


class Subject(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The texts that were checked, by their names. Lines end as findings count them."""

    path: str = "document.json"
    text: str = ""
    narrative_path: str = "document.md"
    narrative: str = ""
    tool_version: str = "0"

    @cached_property
    def _lines(self) -> list[str]:
        return _LINE_END.split(self.text)

    @cached_property
    def _narrative_lines(self) -> list[str]:
        return _LINE_END.split(self.narrative)

    def file_of(self, finding: Finding) -> str:
        """Give the name of the text that a finding is about."""
        return self.narrative_path if finding.source is Source.NARRATIVE else self.path

    def uri_of(self, finding: Finding) -> str:
        """Give the same as a relative reference (RFC 3986)."""
        return quote(self.file_of(finding), safe="/")

    def line_of(self, finding: Finding) -> str | None:
        """Give the line that a finding starts in, None where there is none."""
        lines = self._narrative_lines if finding.source is Source.NARRATIVE else self._lines
        if finding.line is None or not 0 < finding.line <= len(lines):
            return None
        return lines[finding.line - 1]

    def line_at(self, number: int) -> str:
        """Give a line of the document by its number, empty where there is none."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""


def said(finding: Finding) -> str:
    """Give the message, with what was expected."""
    parts = [finding.message]
    if finding.expected:
        parts.append(f"expected {finding.expected}")
    return "; ".join(parts)


def advice(finding: Finding) -> str | None:
    """Give what to do about a finding in a line, None where nothing is known."""
    if finding.did_you_mean:
        return f"did you mean {finding.did_you_mean}?"
    return finding.fix.description if finding.fix is not None else None
