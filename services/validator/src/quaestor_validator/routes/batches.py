"""Many documents over HTTP."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quaestor_shared.contracts.batches import BatchEnvelope
from quaestor_shared.contracts.validation import Formats
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import BatchBody
from quaestor_validator.ndjson import (
    MEDIA_TYPE,
    LinesOperation,
    LinesResponse,
    check_lines_media,
    lines_of,
)
from quaestor_validator.routes.parameters import (
    FormatsQuery,
    MaxFindingsQuery,
    SchemaQuery,
    options,
)
from quaestor_validator.service.batches import BatchService

__all__ = ["ROUTES"]

Batches = NamedDependency[BatchService]


@post(
    "/v1/validate/batch",
    status_code=200,
    operation_id="validate-batch",
    tags=["validation"],
    summary="Check many documents",
    dto=BatchBody,
    return_dto=None,
)
async def validate_batch(data: JSONBody[bytes], batches: Batches) -> BatchEnvelope:
    """Check documents, each by itself, and answer each with a report or an error."""
    return BatchEnvelope(data=await batches.batch(data), meta=meta())


@post(
    "/v1/validate/stream",
    status_code=200,
    media_type=MEDIA_TYPE,
    operation_id="validate-stream",
    operation_class=LinesOperation,
    tags=["validation"],
    summary="Check a stream of documents",
    request_max_body_size=None,
)
async def validate_stream(
    request: Request[Any, Any, Any],
    batches: Batches,
    schema_name: SchemaQuery = None,
    formats: FormatsQuery = Formats.ASSERT,
    max_findings: MaxFindingsQuery = 100,
) -> LinesResponse:
    """Check a request a line, or, with `schema`, a document a line; answer with a line each.

    Answers come while lines are still being sent; a client has to read them meanwhile. A bad
    line gets an error, and the stream goes on.
    """
    check_lines_media(request)
    given = options(schema_name, formats, max_findings)
    return LinesResponse(batches.stream(lines_of(request), given))


ROUTES = (validate_batch, validate_stream)
