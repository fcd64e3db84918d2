"""Safe fixes over HTTP."""

from enum import StrEnum
from typing import Annotated

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from quaestor_shared.contracts.fixes import FixEnvelope
from quaestor_shared.contracts.validation import Formats
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import RequestOrDocument
from quaestor_validator.routes.parameters import (
    FormatsQuery,
    MaxFindingsQuery,
    SchemaQuery,
    options,
)
from quaestor_validator.service.fixes import FixService

__all__ = ["ROUTES"]


class FixReply(StrEnum):
    """What comes back: the report with the document in it, or the document alone."""

    REPORT = "report"
    DOCUMENT = "document"


ReplyQuery = Annotated[
    FixReply,
    QueryParameter(
        description="`document`: the fixed document alone, as it would be saved, not enveloped."
    ),
]


@post(
    "/v1/fix",
    status_code=200,
    operation_id="fix",
    tags=["validation"],
    summary="Apply the safe fixes",
    dto=RequestOrDocument,
    return_dto=None,
)
async def fix(
    data: JSONBody[bytes],
    fixes: NamedDependency[FixService],
    schema_name: SchemaQuery = None,
    formats: FormatsQuery = Formats.ASSERT,
    max_findings: MaxFindingsQuery = 100,
    reply: ReplyQuery = FixReply.REPORT,
) -> FixEnvelope | Response[bytes]:
    """Apply the safe fixes of a document, again and again until none is left.

    It is asked like a validation. The answer has the document, what was done to it, and what is
    still found in it.
    """
    fixed = await fixes.fix(data, options(schema_name, formats, max_findings))
    if reply is FixReply.DOCUMENT:
        return Response(fixed.text.encode(), media_type="application/json")
    return FixEnvelope(data=fixed, meta=meta())


ROUTES = (fix,)
