"""What is known of a design so far, and what is still asked, over HTTP."""

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_design_api.service import InterviewService
from quaestor_design_api.views import draft_view, questions_view
from quaestor_shared.contracts.draft import DraftEnvelope
from quaestor_shared.contracts.sessions import QuestionListEnvelope
from quaestor_shared.service.replies import etag, meta

__all__ = ["ROUTER"]

Interviews = NamedDependency[InterviewService]


@get(
    "/v1/sessions/{session_id:str}/draft",
    operation_id="read-draft",
)
async def read_draft(session_id: FromPath[str], service: Interviews) -> Response[DraftEnvelope]:
    """Read the design so far, with the answer that each leaf comes from."""
    session = await service.read(session_id)
    return Response(
        DraftEnvelope(data=draft_view(session), meta=meta()),
        headers={"ETag": etag(session.state.version)},
    )


@get(
    "/v1/sessions/{session_id:str}/questions",
    operation_id="list-questions",
)
async def list_questions(session_id: FromPath[str], service: Interviews) -> QuestionListEnvelope:
    """List every open question, in the order to ask them."""
    session = await service.read(session_id)
    return QuestionListEnvelope(data=questions_view(session), meta=meta())


ROUTER = Router(path="/", tags=["sessions"], route_handlers=[read_draft, list_questions])
