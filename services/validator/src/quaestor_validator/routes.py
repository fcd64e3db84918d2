"""Validation over HTTP."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from quaestor_shared.contracts.validation import (
    RuleListEnvelope,
    SchemaEnvelope,
    SchemaListEnvelope,
    ValidationEnvelope,
)
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import RequestOrDocument
from quaestor_validator.service import ValidatorService

__all__ = ["ROUTES"]

Validator = NamedDependency[ValidatorService]
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
    data: JSONBody[bytes], service: Validator, schema_name: SchemaQuery = None
) -> ValidationEnvelope:
    """Check a document against a schema and its rules, and a narrative against the document.

    The answer is 200 whatever the verdict is; `data.valid` tells.
    """
    return ValidationEnvelope(data=await service.validate(data, schema_name), meta=meta())


@get("/v1/schemas", operation_id="list-schemas", tags=["schemas"], summary="List schemas")
async def list_schemas(service: Validator) -> SchemaListEnvelope:
    """List every schema, by name and version."""
    return SchemaListEnvelope(data=service.schemas(), meta=meta())


@get(
    "/v1/schemas/{name:str}/versions/{version:str}",
    operation_id="read-schema",
    tags=["schemas"],
    summary="Read a schema",
)
async def read_schema(
    name: FromPath[str], version: FromPath[str], service: Validator
) -> SchemaEnvelope:
    """Give a schema with its document; `version` is a number or `latest`."""
    return SchemaEnvelope(data=service.schema(name, version), meta=meta())


@get("/v1/rules", operation_id="list-rules", tags=["rules"], summary="List rules")
async def list_rules(service: Validator) -> RuleListEnvelope:
    """List every rule, by code."""
    return RuleListEnvelope(data=service.rules(), meta=meta())


ROUTES = [validate, list_schemas, read_schema, list_rules]
