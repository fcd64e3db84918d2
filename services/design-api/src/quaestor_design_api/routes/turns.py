"""Turns and Finalize over HTTP."""

from typing import Any

from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_design_api.markdown_reply import as_markdown
from quaestor_design_api.routes.attempt import OneAttempt, tell_of_replay
from quaestor_design_api.service import InterviewService
from quaestor_shared.contracts.sessions import (
    Finalization,
    FinalizationEnvelope,
    TurnEnvelope,
    TurnRequest,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import IfMatch
from quaestor_shared.service.replies import etag, if_match_version, meta

__all__ = ["ROUTER"]

Interviews = NamedDependency[InterviewService]


_MARKDOWN = "text/markdown"


@post(
    "/v1/sessions/{session_id:str}/turns",
    operation_id="take-turn",
    status_code=200,
    dto=StrictBody[TurnRequest],
    return_dto=None,
)
async def take_turn(
    request: Request[Any, Any, Any],
    session_id: FromPath[str],
    data: JSONBody[TurnRequest],
    service: Interviews,
    attempt: OneAttempt,
    if_match: IfMatch = None,
) -> Response[TurnEnvelope]:
    """Answer questions, or say Finalize."""
    reply = await service.turn(session_id, data, if_match_version(if_match), attempt)
    tell_of_replay(request, attempt)
    if reply.finalization is not None and _wants_markdown(request):
        return _markdown(reply.finalization, reply.version, 200)
    return Response(TurnEnvelope(data=reply, meta=meta()), headers={"ETag": etag(reply.version)})


@post(
    "/v1/sessions/{session_id:str}/finalizations",
    operation_id="finalize",
)
async def finalize(
    request: Request[Any, Any, Any],
    session_id: FromPath[str],
    service: Interviews,
    attempt: OneAttempt,
    if_match: IfMatch = None,
) -> Response[FinalizationEnvelope]:
    """Finalize: 201 with new versions, or 200 with the same ones when nothing changed."""
    outcome = await service.finalize(session_id, if_match_version(if_match), attempt)
    tell_of_replay(request, attempt)
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


ROUTER = Router(
    path="/",
    tags=["turns"],
    route_handlers=[take_turn, finalize],
)
