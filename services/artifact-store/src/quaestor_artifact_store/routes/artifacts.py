"""Artifacts over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from quaestor_artifact_store.domain.conditions import read_condition
from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_shared.contracts.versions import (
    ArtifactEnvelope,
    ArtifactListEnvelope,
    CreateVersion,
    VersionEnvelope,
    VersionView,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import (
    Cursor,
    FeatureFilter,
    IfMatch,
    IfNoneMatch,
    Limit,
)
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]


@post(
    "/v1/artifacts", operation_id="create-version", dto=StrictBody[CreateVersion], return_dto=None
)
async def create_version(
    data: JSONBody[CreateVersion],
    artifacts: Artifacts,
    once: OnceOnly,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response[VersionEnvelope]:
    """Store a content as a version: 201 with a new one, 200 with the one that was found."""
    condition = read_condition(if_match, if_none_match)
    version = await artifacts.create_version(data, once, condition)
    return Response(
        VersionEnvelope(data=version, meta=meta()),
        status_code=201 if version.created else 200,
        headers={"Location": _place(version), "ETag": f'"{version.digest}"'},
    )


@get("/v1/artifacts", operation_id="list-artifacts")
async def list_artifacts(
    request: Request[Any, Any, Any],
    artifacts: Artifacts,
    feature_id: FeatureFilter = None,
    path: Annotated[str | None, QueryParameter(max_length=500)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[ArtifactListEnvelope]:
    """List artifacts by feature and path, each with its latest version."""
    after = read_cursor(cursor, (str, str))
    found = await artifacts.listing(feature_id, path, Page(limit=limit + 1, after=after))
    listed, pagination = page(found, limit, lambda found: (found.feature_id, found.path))
    return Response(
        ArtifactListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get(
    "/v1/artifacts/{artifact_id:str}",
    operation_id="read-artifact",
)
async def read_artifact(artifact_id: FromPath[str], artifacts: Artifacts) -> ArtifactEnvelope:
    """Read an artifact with its latest version."""
    return ArtifactEnvelope(data=await artifacts.read(artifact_id), meta=meta())


def _place(version: VersionView) -> str:
    return f"/v1/artifacts/{version.artifact_id}/versions/{version.number}"


ROUTER = Router(
    path="/",
    tags=["artifacts"],
    route_handlers=[create_version, list_artifacts, read_artifact],
)
