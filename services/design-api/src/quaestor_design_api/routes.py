"""Sessions over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.params import Parameter

from quaestor_design_api.markdown_reply import as_markdown
from quaestor_design_api.service import InterviewService
from quaestor_design_api.views import draft_view, questions_view, session_view
from quaestor_shared.contracts.base import FeatureId
from quaestor_shared.contracts.draft import DraftEnvelope
from quaestor_shared.contracts.sessions import (
    CreateSession,
    Finalization,
    FinalizationEnvelope,
    QuestionListEnvelope,
    SessionEnvelope,
    SessionListEnvelope,
    TurnEnvelope,
    TurnRequest,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import etag, if_match_version, meta, next_link

__all__ = ["ROUTES"]

IfMatch = Annotated[str | None, Parameter(header="If-Match", required=False)]
Limit = Annotated[int, Parameter(ge=1, le=200)]
_MARKDOWN = "text/markdown"


@post("/v1/sessions", operation_id="create-session", dto=StrictBody[CreateSession], return_dto=None)
async def create_session(
    data: CreateSession, service: InterviewService
) -> Response[SessionEnvelope]:
    """Start the interview of a feature."""
    session = await service.create(data)
    return Response(
        SessionEnvelope(data=session, meta=meta()),
        headers={"Location": f"/v1/sessions/{session.id}", "ETag": etag(session.version)},
    )


@get("/v1/sessions", operation_id="list-sessions")
async def list_sessions(
    request: Request[Any, Any, Any],
    service: InterviewService,
    feature_id: FeatureId | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response[SessionListEnvelope]:
    """List sessions, newest first."""
    sessions, pagination = await service.list(feature_id, cursor, limit)
    return Response(
        SessionListEnvelope(data=sessions, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/sessions/{session_id:str}", operation_id="read-session")
async def read_session(session_id: str, service: InterviewService) -> Response[SessionEnvelope]:
    """Read a session: progress, the next questions, the answers so far."""
    session = await service.read(session_id)
    return Response(
        SessionEnvelope(data=session_view(session), meta=meta()),
        headers={"ETag": etag(session.state.version)},
    )


@delete("/v1/sessions/{session_id:str}", operation_id="delete-session", status_code=200)
async def delete_session(
    session_id: str, service: InterviewService, if_match: IfMatch = None
) -> SessionEnvelope:
    """End a session; its feature may then be interviewed anew, what is stored stays."""
    session = await service.delete(session_id, if_match_version(if_match))
    return SessionEnvelope(data=session, meta=meta())


@get("/v1/sessions/{session_id:str}/draft", operation_id="read-draft")
async def read_draft(session_id: str, service: InterviewService) -> Response[DraftEnvelope]:
    """Read the design so far, with the answer that each leaf comes from."""
    session = await service.read(session_id)
    return Response(
        DraftEnvelope(data=draft_view(session), meta=meta()),
        headers={"ETag": etag(session.state.version)},
    )


@get("/v1/sessions/{session_id:str}/questions", operation_id="list-questions")
async def list_questions(session_id: str, service: InterviewService) -> QuestionListEnvelope:
    """List every open question, in the order to ask them."""
    session = await service.read(session_id)
    return QuestionListEnvelope(data=questions_view(session), meta=meta())


@post(
    "/v1/sessions/{session_id:str}/turns",
    operation_id="take-turn",
    status_code=200,
    dto=StrictBody[TurnRequest],
    return_dto=None,
)
async def take_turn(
    request: Request[Any, Any, Any],
    session_id: str,
    data: TurnRequest,
    service: InterviewService,
    if_match: IfMatch = None,
) -> Response[TurnEnvelope]:
    """Answer questions, or say Finalize."""
    reply = await service.turn(session_id, data, if_match_version(if_match))
    if reply.finalization is not None and _wants_markdown(request):
        return _markdown(reply.finalization, reply.version, 200)
    return Response(TurnEnvelope(data=reply, meta=meta()), headers={"ETag": etag(reply.version)})


@post("/v1/sessions/{session_id:str}/finalizations", operation_id="finalize")
async def finalize(
    request: Request[Any, Any, Any],
    session_id: str,
    service: InterviewService,
    if_match: IfMatch = None,
) -> Response[FinalizationEnvelope]:
    """Finalize: 201 with new versions, or 200 with the same ones when nothing changed."""
    outcome = await service.finalize(session_id, if_match_version(if_match))
    status = 201 if outcome.created else 200
    if _wants_markdown(request):
        return _markdown(outcome, None, status)
    return Response(
        FinalizationEnvelope(data=outcome, meta=meta()),
        status_code=status,
        headers={"Location": outcome.files[1].url},
    )


def _wants_markdown(request: Request[Any, Any, Any]) -> bool:
    return request.accept.best_match(["application/json", _MARKDOWN]) == _MARKDOWN


def _markdown(outcome: Finalization, version: int | None, status: int) -> Response[Any]:
    return Response(
        as_markdown(outcome),
        status_code=status,
        media_type=_MARKDOWN,
        headers={} if version is None else {"ETag": etag(version)},
    )


ROUTES = (
    create_session,
    list_sessions,
    read_session,
    delete_session,
    read_draft,
    list_questions,
    take_turn,
    finalize,
)
