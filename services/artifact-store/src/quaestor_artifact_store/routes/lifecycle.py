"""The end of an artifact over HTTP, and its way back."""

from litestar import Router, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_artifact_store.domain.conditions import read_condition
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_shared.contracts.versions import ArtifactEnvelope, ArtifactPurgeEnvelope
from quaestor_shared.service.parameters import IfMatch
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]


@delete("/v1/artifacts/{artifact_id:str}", operation_id="delete-artifact", status_code=200)
async def delete_artifact(
    artifact_id: FromPath[str], artifacts: Artifacts, once: OnceOnly, if_match: IfMatch = None
) -> ArtifactEnvelope:
    """Delete an artifact softly: its path is free, and it can be restored until it is purged."""
    artifact = await artifacts.delete(artifact_id, read_condition(if_match, None), once)
    return ArtifactEnvelope(data=artifact, meta=meta())


@post(
    "/v1/artifacts/{artifact_id:str}/restorations",
    operation_id="restore-artifact",
    status_code=200,
)
async def restore_artifact(
    artifact_id: FromPath[str], artifacts: Artifacts, once: OnceOnly
) -> ArtifactEnvelope:
    """Bring a deleted artifact back; 409 when its path was taken by another meanwhile."""
    return ArtifactEnvelope(data=await artifacts.restore(artifact_id, once), meta=meta())


@post("/v1/artifacts/{artifact_id:str}/purges", operation_id="purge-artifact", status_code=200)
async def purge_artifact(
    artifact_id: FromPath[str], artifacts: Artifacts, once: OnceOnly
) -> ArtifactPurgeEnvelope:
    """Remove a deleted artifact's versions and approvals for good; its id stays taken."""
    return ArtifactPurgeEnvelope(data=await artifacts.purge(artifact_id, once), meta=meta())


ROUTER = Router(
    path="/",
    tags=["artifacts"],
    route_handlers=[delete_artifact, restore_artifact, purge_artifact],
)
