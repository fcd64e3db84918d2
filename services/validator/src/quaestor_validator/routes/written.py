"""Reports in the forms of other tools, as replies."""

from typing import Any

from litestar import Response

from quaestor_shared.contracts.validation import ReportFormat, ValidationReport
from quaestor_shared.version import VERSION
from quaestor_validator.domain.outputs import OUTPUTS, Subject, Text, render

__all__ = ["written"]


def written(report: ValidationReport, form: ReportFormat, path: str, body: bytes) -> Response[Any]:
    """Write a report about a body. A form that has no room for the verdict says it in a header."""
    document = Text(path=path, text=body.decode(errors="replace"))
    subject = Subject(document=document, tool_version=VERSION)
    return Response(
        render(form, report, subject),
        headers={
            # Said here, because Litestar would add a charset of its own to a text.
            "Content-Type": f"{OUTPUTS[form].media_type}; charset=utf-8",
            "X-Quaestor-Valid": str(report.valid).lower(),
        },
    )
