"""Kept replies over HTTP: internal, for services that write on a client's behalf."""

from typing import Annotated, Any, Literal

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from quaestor_artifact_store.service.kept_replies import KeptReplyService
from quaestor_shared.contracts.idempotency import KeptReplyEnvelope
from quaestor_shared.service.idempotency import IdempotencyKey, read_keyed
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

KeptReplies = NamedDependency[KeptReplyService]
Method = Annotated[
    Literal["POST", "PUT", "PATCH", "DELETE"], QueryParameter(description="Of the write.")
]
Route = Annotated[str, QueryParameter(pattern=r"^/[^\x00-\x1f]{1,999}\Z")]


@get("/v1/kept-replies", operation_id="read-kept-reply")
async def read_kept_reply(
    request: Request[Any, Any, Any],
    kept_replies: KeptReplies,
    method: Method,
    route: Route,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - read from the headers, documented here
) -> KeptReplyEnvelope:
    """Read the reply that a write with this key was given; 404 when there was none."""
    kept = await kept_replies.find(method, route, await read_keyed(request))
    return KeptReplyEnvelope(data=kept, meta=meta())


ROUTER = Router(path="/", tags=["journals"], route_handlers=[read_kept_reply])
