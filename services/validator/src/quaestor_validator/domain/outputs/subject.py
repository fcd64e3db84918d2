"""What reports are about, as the forms name and show it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from quaestor_shared.contracts.findings import Finding, Severity, Source
from quaestor_shared.contracts.validation import ValidationReport

__all__ = ["WEIGHTS", "Audit", "Subject", "Text", "advice", "findings_of", "said"]

WEIGHTS = {Severity.ERROR: 0, Severity.WARN: 1, Severity.INFO: 2}
_LINE_END = re.compile(r"\r\n|\r|\n")


class Text(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A text by its name. Lines end as findings count them.

    `address` is its whole URI, where it is known.
    """

    path: str
    text: str = ""
    address: str = ""

    @cached_property
    def _lines(self) -> list[str]:
        return _LINE_END.split(self.text)

    @property
    def uri(self) -> str:
        """The name as a URI, or a relative reference (RFC 3986) where it is a relative path."""
        scheme = "file://" if self.path.startswith("/") else ""
        return scheme + quote(self.path, safe="/")

    def line(self, number: int | None) -> str | None:
        """Give a line by its number, None where there is none."""
        if number is None or not 0 < number <= len(self._lines):
            return None
        return self._lines[number - 1]


_OTHERS = MappingProxyType({Source.NARRATIVE: Text(path="document.md")})


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The texts that were checked: the document, and others that findings may be about.

    What is no other's is the document's.
    """

    document: Text = Text(path="document.json")
    others: Mapping[Source, Text] = _OTHERS
    tool_version: str = "0"

    def text_of(self, finding: Finding) -> Text:
        """Give the text that a finding is about."""
        return self.others.get(finding.source, self.document)


class Audit(NamedTuple):
    """A report and what it is about."""

    report: ValidationReport
    subject: Subject


def findings_of(audits: Sequence[Audit]) -> Iterator[tuple[Finding, Subject]]:
    """Give the findings of all audits; what each says of the configuration they share, once."""
    told: set[tuple[str, str, str, str]] = set()
    for report, subject in audits:
        here = set()
        for finding in report.findings:
            if finding.source is Source.CONFIG:
                place = subject.text_of(finding).path
                key = (place, finding.code, finding.pointer, finding.message)
                here.add(key)
                if key in told:
                    continue
            yield finding, subject
        told |= here


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
