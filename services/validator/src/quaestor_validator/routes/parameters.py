"""Query parameters for documents that are sent by themselves."""

from typing import Annotated

from litestar.params import QueryParameter

from quaestor_shared.contracts.validation import Formats, ReportFormat, ValidateRequest
from quaestor_shared.errors import NotFound
from quaestor_validator.service.submissions import is_reference

__all__ = [
    "FormatsQuery",
    "MaxFindingsQuery",
    "OutputQuery",
    "PathQuery",
    "SchemaQuery",
    "options",
]

SchemaQuery = Annotated[
    str | None,
    QueryParameter(
        name="schema",
        required=False,
        description="The body is the document itself, to be checked against this schema: "
        "`backend`, `backend@1` or `backend@latest`.",
    ),
]
FormatsQuery = Annotated[
    Formats, QueryParameter(description="With `schema`, a user's: whether formats are checked.")
]
MaxFindingsQuery = Annotated[
    int, QueryParameter(ge=1, le=1_000, description="With `schema`: most findings to report.")
]
OutputQuery = Annotated[
    ReportFormat,
    QueryParameter(
        description="`sarif` (2.1.0), `junit`, `github` (annotations), `lsp` (diagnostics), or "
        "`text` with a caret frame; lines and columns are those of the sent body."
    ),
]
PathQuery = Annotated[
    str,
    QueryParameter(max_length=500, description="How the document is called in these forms."),
]


def options(schema: str | None, formats: Formats, max_findings: int) -> ValidateRequest | None:
    """Give what is asked of a document that comes by itself; None for a request.

    Raises NotFound for a name that no schema can have.
    """
    if schema is None:
        return None
    if not is_reference(schema):
        raise NotFound("There is no schema of this name.")
    return ValidateRequest(instance=None, schema=schema, formats=formats, max_findings=max_findings)
