"""Journals over HTTP: internal, for the services alone."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.params import Parameter

from quaestor_artifact_store.repository import Page
from quaestor_artifact_store.service import StoreService
from quaestor_shared.contracts.base import FeatureId
from quaestor_shared.contracts.envelopes import Pagination
from quaestor_shared.contracts.journals import (
    AppendEvents,
    CreateJournal,
    JournalEnvelope,
    JournalListEnvelope,
    JournalSummaryEnvelope,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import (
    cursor_of,
    etag,
    if_match_version,
    meta,
    next_link,
    read_cursor,
)

__all__ = ["JOURNAL_ROUTES"]

Limit = Annotated[int, Parameter(ge=1, le=200)]
IfMatch = Annotated[str | None, Parameter(header="If-Match", required=False)]
_TAGS = ["journals"]


@post(
    "/v1/journals",
    operation_id="create-journal",
    tags=_TAGS,
    dto=StrictBody[CreateJournal],
    return_dto=None,
)
async def create_journal(data: CreateJournal, service: StoreService) -> Response[JournalEnvelope]:
    """Open a journal under a key that no live journal has."""
    journal = await service.create_journal(data)
    return Response(
        JournalEnvelope(data=journal, meta=meta()),
        headers={"Location": f"/v1/journals/{journal.id}", "ETag": etag(journal.version)},
    )


@get("/v1/journals", operation_id="list-journals", tags=_TAGS)
async def list_journals(
    request: Request[Any, Any, Any],
    service: StoreService,
    kind: Annotated[str, Parameter(max_length=100)],
    feature_id: FeatureId | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response[JournalListEnvelope]:
    """List the live journals whose key starts with the kind and a colon, newest first."""
    after = read_cursor(cursor, (str,))
    found = await service.list_journals(kind, feature_id, Page(limit=limit + 1, after=after))
    following = cursor_of(found[limit - 1].id) if len(found) > limit else None
    return Response(
        JournalListEnvelope(
            data=tuple(found[:limit]), meta=meta(Pagination(limit=limit, next=following))
        ),
        headers=next_link(f"{request.url.path}?{request.url.query}", following),
    )


@get("/v1/journals/{journal_id:str}", operation_id="read-journal", tags=_TAGS)
async def read_journal(
    journal_id: str,
    service: StoreService,
    after: Annotated[int, Parameter(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 1000,
) -> Response[JournalEnvelope]:
    """Read a journal's events after a position."""
    journal = await service.read_journal(journal_id, after, limit)
    return Response(
        JournalEnvelope(data=journal, meta=meta()), headers={"ETag": etag(journal.version)}
    )


@post(
    "/v1/journals/{journal_id:str}/events",
    operation_id="append-events",
    tags=_TAGS,
    dto=StrictBody[AppendEvents],
    return_dto=None,
)
async def append_events(
    journal_id: str, data: AppendEvents, service: StoreService
) -> Response[JournalEnvelope]:
    """Append events to a journal that stands where the writer last saw it."""
    journal = await service.append(journal_id, data)
    return Response(
        JournalEnvelope(data=journal, meta=meta()), headers={"ETag": etag(journal.version)}
    )


@delete("/v1/journals/{journal_id:str}", operation_id="delete-journal", tags=_TAGS, status_code=200)
async def delete_journal(
    journal_id: str, service: StoreService, if_match: IfMatch = None
) -> JournalSummaryEnvelope:
    """Delete a journal softly; its key is free again."""
    journal = await service.delete_journal(journal_id, if_match_version(if_match))
    return JournalSummaryEnvelope(data=journal, meta=meta())


JOURNAL_ROUTES = (create_journal, list_journals, read_journal, append_events, delete_journal)
