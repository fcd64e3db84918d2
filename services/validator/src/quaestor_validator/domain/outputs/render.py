"""The table of forms, and how one is chosen."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from quaestor_shared.contracts.validation import ReportFormat, ValidationReport
from quaestor_validator.domain.outputs.github import as_github
from quaestor_validator.domain.outputs.junit import as_junit
from quaestor_validator.domain.outputs.lsp import as_lsp
from quaestor_validator.domain.outputs.sarif import as_sarif
from quaestor_validator.domain.outputs.subject import Audit, Subject, Text
from quaestor_validator.domain.outputs.text import as_text

__all__ = ["OUTPUTS", "Audit", "Output", "Subject", "Text", "render", "render_all"]


class Output(NamedTuple):
    """A form: its media type, and what writes it."""

    media_type: str
    write: Callable[[Sequence[Audit]], str]


OUTPUTS: dict[ReportFormat, Output] = {
    ReportFormat.SARIF: Output("application/sarif+json", as_sarif),
    ReportFormat.JUNIT: Output("application/xml", as_junit),
    ReportFormat.GITHUB: Output("text/plain", as_github),
    ReportFormat.LSP: Output("application/json", as_lsp),
    ReportFormat.TEXT: Output("text/plain", as_text),
}


def render(form: ReportFormat, report: ValidationReport, subject: Subject) -> str:
    """Write a report in one of the forms; `json` is none of them."""
    return render_all(form, [Audit(report, subject)])


def render_all(form: ReportFormat, audits: Sequence[Audit]) -> str:
    """Write reports, at least one, as one document of a form."""
    return OUTPUTS[form].write(audits)
