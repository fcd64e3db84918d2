"""Sessions over HTTP."""

from typing import Any

from litestar import Request, Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_design_api.routes.attempt import OneAttempt, tell_of_replay
from quaestor_design_api.service import InterviewService
from quaestor_design_api.views import session_view
from quaestor_shared.contracts.sessions import (
    CreateSession,
    SessionEnvelope,
    SessionListEnvelope,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import Cursor, FeatureFilter, IfMatch, Limit
from quaestor_shared.service.replies import etag, if_match_version, meta, next_link

__all__ = ["ROUTER"]

Interviews = NamedDependency[InterviewService]


@post("/v1/sessions", operation_id="create-session", dto=StrictBody[CreateSession], return_dto=None)
async def create_session(
    request: Request[Any, Any, Any],
    data: JSONBody[CreateSession],
    service: Interviews,
    attempt: OneAttempt,
) -> Response[SessionEnvelope]:
    """Start the interview of a feature."""
    session = await service.create(data, attempt)
    tell_of_replay(request, attempt)
    return Response(
        SessionEnvelope(data=session, meta=meta()),
        headers={"Location": f"/v1/sessions/{session.id}", "ETag": etag(session.version)},
    )


@get("/v1/sessions", operation_id="list-sessions")
async def list_sessions(
    request: Request[Any, Any, Any],
    service: Interviews,
    feature_id: FeatureFilter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[SessionListEnvelope]:
    """List sessions, newest first."""
    sessions, pagination = await service.list(feature_id, cursor, limit)
    return Response(
        SessionListEnvelope(data=sessions, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/sessions/{session_id:str}", operation_id="read-session")
async def read_session(session_id: FromPath[str], service: Interviews) -> Response[SessionEnvelope]:
    """Read a session: progress, the next questions, the answers so far."""
    session = await service.read(session_id)
    return Response(
        SessionEnvelope(data=session_view(session), meta=meta()),
        headers={"ETag": etag(session.state.version)},
    )


@delete(
    "/v1/sessions/{session_id:str}",
    operation_id="delete-session",
    status_code=200,
)
async def delete_session(
    session_id: FromPath[str], service: Interviews, if_match: IfMatch = None
) -> SessionEnvelope:
    """End a session; its feature may then be interviewed anew, what is stored stays."""
    session = await service.delete(session_id, if_match_version(if_match))
    return SessionEnvelope(data=session, meta=meta())


ROUTER = Router(
    path="/",
    tags=["sessions"],
    route_handlers=[create_session, list_sessions, read_session, delete_session],
)
