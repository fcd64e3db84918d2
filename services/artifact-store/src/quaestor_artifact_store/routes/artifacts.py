"""Artifacts over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from quaestor_artifact_store.repository import Page
from quaestor_artifact_store.service import StoreService
from quaestor_shared.contracts.versions import (
    ArtifactEnvelope,
    ArtifactListEnvelope,
)
from quaestor_shared.service.parameters import Cursor, FeatureFilter, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTES"]

Store = NamedDependency[StoreService]

_TAGS = ["artifacts"]


@get("/v1/artifacts", operation_id="list-artifacts", tags=_TAGS)
async def list_artifacts(
    request: Request[Any, Any, Any],
    service: Store,
    feature_id: FeatureFilter = None,
    path: Annotated[str | None, QueryParameter(max_length=500)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[ArtifactListEnvelope]:
    """List artifacts by feature and path, each with its latest version."""
    after = read_cursor(cursor, (str, str))
    found = await service.list_artifacts(feature_id, path, Page(limit=limit + 1, after=after))
    artifacts, pagination = page(found, limit, lambda found: (found.feature_id, found.path))
    return Response(
        ArtifactListEnvelope(data=artifacts, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/artifacts/{artifact_id:str}", operation_id="read-artifact", tags=_TAGS)
async def read_artifact(artifact_id: FromPath[str], service: Store) -> ArtifactEnvelope:
    """Read an artifact with its latest version."""
    return ArtifactEnvelope(data=await service.read_artifact(artifact_id), meta=meta())


ROUTES = (list_artifacts, read_artifact)
