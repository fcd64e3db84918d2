"""Validation over HTTP."""

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from quaestor_shared.contracts.validation import ValidationEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import RequestOrDocument
from quaestor_validator.service.validation import ValidationService

__all__ = ["ROUTES"]

SchemaQuery = Annotated[
    str | None,
    QueryParameter(
        name="schema",
        required=False,
        description="The body is the document itself, to be checked against this schema: "
        "`backend`, `backend@1` or `backend@latest`.",
    ),
]


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
) -> ValidationEnvelope:
    """Check a document against a schema and its rules, and a narrative against the document.

    The answer is 200 whatever the verdict is; `data.valid` tells.
    """
    return ValidationEnvelope(data=await validation.validate(data, schema_name), meta=meta())


ROUTES = (validate,)
