"""Going back to a checkpoint over HTTP."""

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.checkpoints import CheckpointService
from quaestor_shared.contracts.checkpoints import RestorationEnvelope, RestoreCheckpoint
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Checkpoints = NamedDependency[CheckpointService]


@post(
    "/v1/features/{feature_id:str}/checkpoints/{name:str}/restorations",
    operation_id="restore-checkpoint",
    status_code=200,
    dto=StrictBody[RestoreCheckpoint],
    return_dto=None,
)
async def restore_checkpoint(
    feature_id: FromPath[str],
    name: FromPath[str],
    data: JSONBody[RestoreCheckpoint],
    checkpoints: Checkpoints,
    once: OnceOnly,
) -> RestorationEnvelope:
    """Go back to a checkpoint by new versions with the old contents; nothing is lost."""
    done = await checkpoints.restore(feature_id, name, data, once)
    return RestorationEnvelope(data=done, meta=meta())


ROUTER = Router(path="/", tags=["checkpoints"], route_handlers=[restore_checkpoint])
