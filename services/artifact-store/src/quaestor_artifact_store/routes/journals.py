"""Journals over HTTP: internal, for the services alone."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.journals import JournalService
from quaestor_shared.contracts.journals import (
    CreateJournal,
    JournalEnvelope,
    JournalListEnvelope,
    JournalSummaryEnvelope,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import Cursor, FeatureFilter, IfMatch, Limit
from quaestor_shared.service.replies import (
    etag,
    if_match_version,
    meta,
    next_link,
    page,
    read_cursor,
)

__all__ = ["ROUTER"]

Journals = NamedDependency[JournalService]


@post("/v1/journals", operation_id="create-journal", dto=StrictBody[CreateJournal], return_dto=None)
async def create_journal(
    data: JSONBody[CreateJournal], journals: Journals, once: OnceOnly
) -> Response[JournalEnvelope]:
    """Open a journal under a key that no live journal has."""
    journal = await journals.create(data, once)
    return Response(
        JournalEnvelope(data=journal, meta=meta()),
        headers={"Location": f"/v1/journals/{journal.id}", "ETag": etag(journal.version)},
    )


@get("/v1/journals", operation_id="list-journals")
async def list_journals(
    request: Request[Any, Any, Any],
    journals: Journals,
    kind: Annotated[str, QueryParameter(max_length=100)],
    feature_id: FeatureFilter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[JournalListEnvelope]:
    """List the live journals whose key starts with the kind and a colon, newest first."""
    after = read_cursor(cursor, (str,))
    found = await journals.listing(kind, feature_id, Page(limit=limit + 1, after=after))
    listed, pagination = page(found, limit, lambda journal: (journal.id,))
    return Response(
        JournalListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/journals/{journal_id:str}", operation_id="read-journal")
async def read_journal(
    journal_id: FromPath[str],
    journals: Journals,
    after: Annotated[int, QueryParameter(ge=0, le=2**53)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 1000,
    start: Annotated[Literal["start", "snapshot"], QueryParameter(name="from")] = "start",
) -> Response[JournalEnvelope]:
    """Read a journal's events after a position, or its newest snapshot and those after it."""
    journal = await journals.read(journal_id, after, limit, snapshot=start == "snapshot")
    return Response(
        JournalEnvelope(data=journal, meta=meta()), headers={"ETag": etag(journal.version)}
    )


@delete("/v1/journals/{journal_id:str}", operation_id="delete-journal", status_code=200)
async def delete_journal(
    journal_id: FromPath[str], journals: Journals, once: OnceOnly, if_match: IfMatch = None
) -> JournalSummaryEnvelope:
    """Delete a journal softly; its key is free again."""
    journal = await journals.delete(journal_id, if_match_version(if_match), once)
    return JournalSummaryEnvelope(data=journal, meta=meta())


ROUTER = Router(
    path="/",
    tags=["journals"],
    route_handlers=[create_journal, list_journals, read_journal, delete_journal],
)
