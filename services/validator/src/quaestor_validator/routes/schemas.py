"""Schemas over HTTP."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_shared.contracts.validation import SchemaEnvelope, SchemaListEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.service.schemas import SchemaService

__all__ = ["ROUTES"]

Schemas = NamedDependency[SchemaService]


@get("/v1/schemas", operation_id="list-schemas", tags=["schemas"], summary="List schemas")
async def list_schemas(schemas: Schemas) -> SchemaListEnvelope:
    """List every schema, by name and version."""
    return SchemaListEnvelope(data=schemas.list(), meta=meta())


@get(
    "/v1/schemas/{name:str}/versions/{version:str}",
    operation_id="read-schema",
    tags=["schemas"],
    summary="Read a schema",
)
async def read_schema(
    name: FromPath[str], version: FromPath[str], schemas: Schemas
) -> SchemaEnvelope:
    """Give a schema with its document; `version` is a number or `latest`."""
    return SchemaEnvelope(data=schemas.read(name, version), meta=meta())


ROUTES = (list_schemas, read_schema)
