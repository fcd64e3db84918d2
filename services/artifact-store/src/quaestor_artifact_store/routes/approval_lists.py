"""Lists of approvals over HTTP."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.service.approvals import ApprovalService
from quaestor_shared.contracts.approvals import ApprovalListEnvelope, ApprovalView
from quaestor_shared.service.parameters import Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Approvals = NamedDependency[ApprovalService]
Withdrawn = Annotated[
    Literal["withdrawn"] | None, QueryParameter(description="`withdrawn` shows those too.")
]


@get(
    "/v1/artifacts/{artifact_id:str}/versions/{expression:str}/approvals",
    operation_id="list-version-approvals",
)
async def list_version_approvals(
    request: Request[Any, Any, Any],
    artifact_id: FromPath[str],
    expression: FromPath[str],
    approvals: Approvals,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[ApprovalListEnvelope]:
    """List the live approvals of what a version contains, newest first."""
    found = await approvals.of_version(artifact_id, expression, _page(cursor, limit))
    return _reply(request, found, limit)


@get("/v1/artifacts/{artifact_id:str}/approvals", operation_id="list-approvals")
async def list_approvals(
    request: Request[Any, Any, Any],
    artifact_id: FromPath[str],
    approvals: Approvals,
    include: Withdrawn = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[ApprovalListEnvelope]:
    """List the approvals of an artifact, whatever their digests, newest first."""
    asked = _page(cursor, limit)
    found = await approvals.listing(artifact_id, asked, withdrawn=include is not None)
    return _reply(request, found, limit)


def _page(cursor: str | None, limit: int) -> Page:
    return Page(limit=limit + 1, after=read_cursor(cursor, (str,)))


def _reply(
    request: Request[Any, Any, Any], found: list[ApprovalView], limit: int
) -> Response[ApprovalListEnvelope]:
    listed, pagination = page(found, limit, lambda approval: (approval.id,))
    return Response(
        ApprovalListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


ROUTER = Router(
    path="/", tags=["approvals"], route_handlers=[list_version_approvals, list_approvals]
)
