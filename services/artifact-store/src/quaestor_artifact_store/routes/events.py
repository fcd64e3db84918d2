"""Events over HTTP: a page of them, or a stream without end."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, QueryParameter

from quaestor_artifact_store.domain.events import Wanted, read_types
from quaestor_artifact_store.routes.event_stream import EventStream
from quaestor_artifact_store.service.events import EventService
from quaestor_shared.contracts.envelopes import Pagination
from quaestor_shared.contracts.events import EventListEnvelope
from quaestor_shared.service.parameters import Cursor, FeatureFilter, Limit
from quaestor_shared.service.replies import cursor_of, meta, next_link, read_cursor

__all__ = ["ROUTER"]

Events = NamedDependency[EventService]
_STREAM = "text/event-stream"
After = Annotated[
    int | None,
    QueryParameter(ge=0, le=2**53, description="Only what came after this position; 0 is all."),
]
LastEventId = Annotated[
    int | None,
    HeaderParameter(
        name="Last-Event-ID", ge=0, le=2**53, description="As `after`, before which it comes."
    ),
]
Types = Annotated[
    list[str] | None,
    QueryParameter(
        name="type",
        max_items=50,
        description="Only of these types; `version.*` means a family of them.",
    ),
]


@get("/v1/events", operation_id="list-events")
async def list_events(
    request: Request[Any, Any, Any],
    events: Events,
    after: After = None,
    last_event_id: LastEventId = None,
    feature_id: FeatureFilter = None,
    types: Types = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[EventListEnvelope]:
    """List events in their order; with `Accept: text/event-stream`, send them as they come.

    A stream begins after `Last-Event-ID` or `after`, without either with what comes next. Its
    messages have the position as their id and the event as their data.
    """
    wanted = Wanted(feature_id, read_types(types or ()))
    start = after if last_event_id is None else last_event_id
    if request.accept.best_match(["application/json", _STREAM]) == _STREAM:
        stream: Any = EventStream(await events.subscribe(wanted, start))
        return stream  # type: ignore[no-any-return]  # OpenAPI documents the page
    key = read_cursor(cursor, (int,))
    listed, following = await events.page(wanted, key[0] if key else start or 0, limit)
    pagination = Pagination(limit=limit, next=None if following is None else cursor_of(following))
    return Response(
        EventListEnvelope(data=tuple(listed), meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


ROUTER = Router(path="/", tags=["events"], route_handlers=[list_events])
