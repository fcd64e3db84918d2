"""The events of a journal over HTTP: internal, for the services alone."""

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.journals import JournalService
from quaestor_shared.contracts.journals import AppendEvents, JournalEnvelope
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import etag, meta

__all__ = ["ROUTER"]

Journals = NamedDependency[JournalService]


@post(
    "/v1/journals/{journal_id:str}/events",
    operation_id="append-events",
    dto=StrictBody[AppendEvents],
    return_dto=None,
)
async def append_events(
    journal_id: FromPath[str], data: JSONBody[AppendEvents], journals: Journals, once: OnceOnly
) -> Response[JournalEnvelope]:
    """Append events to a journal that stands where the writer last saw it."""
    journal = await journals.append(journal_id, data, once)
    return Response(
        JournalEnvelope(data=journal, meta=meta()), headers={"ETag": etag(journal.version)}
    )


ROUTER = Router(
    path="/",
    tags=["journals"],
    route_handlers=[append_events],
)
