"""The audit over HTTP: who changed what and when, and whether that is still what was written."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from quaestor_artifact_store.domain.chain import Link
from quaestor_artifact_store.domain.times import read_time
from quaestor_artifact_store.repository.audit import ChangeFilter
from quaestor_artifact_store.service.audit import AuditService
from quaestor_shared.contracts.audit import AuditEnvelope, AuditReportEnvelope
from quaestor_shared.contracts.envelopes import Pagination
from quaestor_shared.service.parameters import Cursor, FeatureFilter, Limit
from quaestor_shared.service.replies import cursor_of, meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Audit = NamedDependency[AuditService]
Position = Annotated[
    int, QueryParameter(ge=0, le=2**53, description="Of a change; 0 is before all.")
]
_NAME = r"^[^\x00-\x1f]{1,200}\Z"
Name = Annotated[str | None, QueryParameter(pattern=_NAME)]
Time = Annotated[
    str | None, QueryParameter(max_length=40, description="RFC 3339, with its offset.")
]
Order = Annotated[Literal["newest", "oldest"], QueryParameter(description="Which comes first.")]
Many = Annotated[int, QueryParameter(ge=1, le=1_000_000, description="Entries to check at most.")]
Head = Annotated[
    str | None,
    QueryParameter(
        pattern=r"^[0-9]{1,15}:[0-9a-f]{64}\Z",
        description="`position:hash` of an earlier `head`: it has to be there still.",
    ),
]


@get("/v1/audit", operation_id="list-changes")
async def list_changes(
    request: Request[Any, Any, Any],
    audit: Audit,
    feature_id: FeatureFilter = None,
    subject: Name = None,
    actor: Name = None,
    kind: Annotated[str | None, QueryParameter(name="type", pattern=_NAME)] = None,
    since: Time = None,
    until: Time = None,
    order: Order = "newest",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[AuditEnvelope]:
    """List changes: newest first, or in the order in which they were made."""
    wanted = ChangeFilter(
        feature_id=feature_id,
        subject=subject,
        actor=actor,
        type=kind,
        since=read_time(since, "since") if since else None,
        until=read_time(until, "until") if until else None,
    )
    key = read_cursor(cursor, (int,))
    found = await audit.listing(
        wanted, limit + 1, newest_first=order == "newest", start=key[0] if key else None
    )
    listed, pagination = page(found, limit, lambda entry: (entry.position,))
    return Response(
        AuditEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/audit/verify", operation_id="verify-changes")
async def verify_changes(
    request: Request[Any, Any, Any],
    audit: Audit,
    after: Position = 0,
    limit: Many = 100_000,
    expected_head: Head = None,
    cursor: Cursor = None,
) -> Response[AuditReportEnvelope]:
    """Recompute the hashes: say whether the chain holds, and where it first does not."""
    key = read_cursor(cursor, (int, str))
    start = Link(*key) if key else await audit.link_at(after)
    expected = None
    if expected_head is not None:
        position, _, hashed = expected_head.partition(":")
        expected = Link(int(position), hashed)
    report, last = await audit.verify(start, limit, expected)
    pagination = Pagination(limit=limit, next=cursor_of(*last) if last else None)
    return Response(
        AuditReportEnvelope(data=report, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


ROUTER = Router(path="/", tags=["audit"], route_handlers=[list_changes, verify_changes])
