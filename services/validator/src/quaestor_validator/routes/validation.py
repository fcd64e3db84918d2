"""Validation over HTTP."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quaestor_shared.contracts.validation import Formats, ValidationEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import RequestOrDocument
from quaestor_validator.routes.parameters import (
    FormatsQuery,
    MaxFindingsQuery,
    SchemaQuery,
    options,
)
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
) -> ValidationEnvelope:
    """Check a document against a schema and its rules, and a narrative against the document.

    The answer is 200 whatever the verdict is; `data.valid` tells.
    """
    given = options(schema_name, formats, max_findings)
    return ValidationEnvelope(data=await validation.validate(data, given), meta=meta())


ROUTES = (validate,)
