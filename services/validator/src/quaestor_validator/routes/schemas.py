"""Schemas over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from quaestor_shared.contracts.schemas import SchemaEnvelope, SchemaListEnvelope
from quaestor_shared.service.parameters import Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor
from quaestor_validator.bodies import SchemaDocument
from quaestor_validator.service.schemas import SchemaService

__all__ = ["ROUTES"]

Schemas = NamedDependency[SchemaService]
_VERSION = "/v1/schemas/{name:str}/versions/{version:str}"
NameFilter = Annotated[
    str | None, QueryParameter(name="name", max_length=64, description="Only this name's.")
]
Uri = Annotated[
    str | None,
    QueryParameter(
        name="uri",
        max_length=2_000,
        description="An absolute URI that other schemas refer to it by, besides its `$id`. "
        "References in a schema without `$id` start from it.",
    ),
]


@get("/v1/schemas", operation_id="list-schemas", tags=["schemas"], summary="List schemas")
async def list_schemas(
    request: Request[Any, Any, Any],
    schemas: Schemas,
    name_filter: NameFilter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[SchemaListEnvelope]:
    """List every schema, by name and version."""
    after = read_cursor(cursor, (str, int))
    found = await schemas.list(name_filter, after, limit + 1)
    shown, pagination = page(found, limit, lambda view: (view.name, view.version))
    return Response(
        SchemaListEnvelope(data=shown, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get(_VERSION, operation_id="read-schema", tags=["schemas"], summary="Read a schema")
async def read_schema(
    name: FromPath[str], version: FromPath[str], schemas: Schemas
) -> SchemaEnvelope:
    """Give a schema with its document; `version` is a number or `latest`."""
    return SchemaEnvelope(data=await schemas.read(name, version), meta=meta())


@put(
    _VERSION,
    operation_id="register-schema",
    tags=["schemas"],
    summary="Register a schema",
    dto=SchemaDocument,
    return_dto=None,
)
async def register_schema(
    name: FromPath[str],
    version: FromPath[str],
    data: JSONBody[bytes],
    schemas: Schemas,
    uri: Uri = None,
) -> Response[SchemaEnvelope]:
    """Register a schema under a name and a version that never change: 201, or 200 once more.

    Other content under the same version is 409.
    """
    view, new = await schemas.register(name, version, uri, data)
    return Response(
        SchemaEnvelope(data=view, meta=meta()),
        status_code=201 if new else 200,
        headers={
            "Location": f"/v1/schemas/{view.name}/versions/{view.version}",
            "ETag": f'"{view.digest}"',
        },
    )


ROUTES = (list_schemas, read_schema, register_schema)
