"""Checkpoints over HTTP."""

from typing import Any

from litestar import Request, Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.checkpoints import CheckpointService
from quaestor_shared.contracts.checkpoints import (
    CheckpointEnvelope,
    CheckpointListEnvelope,
    CreateCheckpoint,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Checkpoints = NamedDependency[CheckpointService]
_ALL = "/v1/features/{feature_id:str}/checkpoints"
_ONE = f"{_ALL}/{{name:str}}"


@post(_ALL, operation_id="create-checkpoint", dto=StrictBody[CreateCheckpoint], return_dto=None)
async def create_checkpoint(
    feature_id: FromPath[str],
    data: JSONBody[CreateCheckpoint],
    checkpoints: Checkpoints,
    once: OnceOnly,
) -> Response[CheckpointEnvelope]:
    """Remember the latest version of each artifact of a feature, under a name."""
    made = await checkpoints.create(feature_id, data, once)
    return Response(
        CheckpointEnvelope(data=made, meta=meta()),
        headers={"Location": f"/v1/features/{made.feature_id}/checkpoints/{made.name}"},
    )


@get(_ALL, operation_id="list-checkpoints")
async def list_checkpoints(
    request: Request[Any, Any, Any],
    feature_id: FromPath[str],
    checkpoints: Checkpoints,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[CheckpointListEnvelope]:
    """List the checkpoints of a feature, newest first."""
    key = read_cursor(cursor, (str,))
    found = await checkpoints.listing(feature_id, key[0] if key else None, limit + 1)
    listed, pagination = page(found, limit, lambda one: (one[0],))
    return Response(
        CheckpointListEnvelope(data=tuple(one for _, one in listed), meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get(_ONE, operation_id="read-checkpoint")
async def read_checkpoint(
    feature_id: FromPath[str], name: FromPath[str], checkpoints: Checkpoints
) -> CheckpointEnvelope:
    """Read a checkpoint with the versions that it remembers."""
    return CheckpointEnvelope(data=await checkpoints.read(feature_id, name), meta=meta())


@delete(_ONE, operation_id="delete-checkpoint", status_code=200)
async def delete_checkpoint(
    feature_id: FromPath[str], name: FromPath[str], checkpoints: Checkpoints, once: OnceOnly
) -> CheckpointEnvelope:
    """Forget a checkpoint; the versions stay."""
    gone = await checkpoints.delete(feature_id, name, once)
    return CheckpointEnvelope(data=gone, meta=meta())


ROUTER = Router(
    path="/",
    tags=["checkpoints"],
    route_handlers=[
        create_checkpoint,
        list_checkpoints,
        read_checkpoint,
        delete_checkpoint,
    ],
)
