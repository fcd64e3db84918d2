"""Validation over HTTP."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quaestor_shared.contracts.validation import Formats, ReportFormat, ValidationEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import RequestOrDocument
from quaestor_validator.routes.parameters import (
    FormatsQuery,
    MaxFindingsQuery,
    OutputQuery,
    PathQuery,
    SchemaQuery,
    options,
)
from quaestor_validator.routes.written import written
from quaestor_validator.service.validation import ValidationService

__all__ = ["ROUTES"]


@post(
    "/v1/validate",
    status_code=200,
    operation_id="validate",
    tags=["validation"],
    summary="Check a document",
    dto=RequestOrDocument,
    return_dto=None,
)
async def validate(
    data: JSONBody[bytes],
    validation: NamedDependency[ValidationService],
    schema_name: SchemaQuery = None,
    formats: FormatsQuery = Formats.ASSERT,
    max_findings: MaxFindingsQuery = 100,
    output: OutputQuery = ReportFormat.JSON,
    path: PathQuery = "document.json",
) -> Response[ValidationEnvelope]:
    """Check a document against a schema and its rules, and a narrative against the document.

    The answer is 200 whatever the verdict is; `data.valid` tells.
    """
    given = options(schema_name, formats, max_findings)
    report = await validation.validate(data, given)
    if output is ReportFormat.JSON:
        return Response(ValidationEnvelope(data=report, meta=meta()))
    return written(report, output, path, data)


ROUTES = (validate,)
