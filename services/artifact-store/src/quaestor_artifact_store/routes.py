"""Artifacts and their versions over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import Parameter

from quaestor_artifact_store.content_routes import CONTENT_ROUTES
from quaestor_artifact_store.journal_routes import JOURNAL_ROUTES
from quaestor_artifact_store.repository import Page
from quaestor_artifact_store.service import StoreService
from quaestor_shared.contracts.base import FeatureId
from quaestor_shared.contracts.envelopes import Pagination
from quaestor_shared.contracts.versions import (
    ArtifactEnvelope,
    ArtifactListEnvelope,
    Commit,
    CommitEnvelope,
    CreateVersion,
    VersionEnvelope,
    VersionListEnvelope,
    VersionView,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import cursor_of, meta, next_link, read_cursor

__all__ = ["ROUTES"]

Limit = Annotated[int, Parameter(ge=1, le=200)]
_ARTIFACTS, _VERSIONS = ["artifacts"], ["versions"]


@post("/v1/artifacts", operation_id="create-version", tags=_VERSIONS,
      dto=StrictBody[CreateVersion], return_dto=None)  # fmt: skip
async def create_version(data: CreateVersion, service: StoreService) -> Response[VersionEnvelope]:
    """Store a content as a version: 201 with a new one, 200 with the one that was found."""
    version = await service.create_version(data)
    return Response(
        VersionEnvelope(data=version, meta=meta()),
        status_code=201 if version.created else 200,
        headers={"Location": _place(version), "ETag": f'"{version.digest}"'},
    )


@post("/v1/commits", operation_id="commit", tags=_VERSIONS,
      dto=StrictBody[Commit], return_dto=None)  # fmt: skip
async def commit(data: Commit, service: StoreService) -> CommitEnvelope:
    """Store several versions, and append events to a journal, in one transaction."""
    return CommitEnvelope(data=await service.commit(data), meta=meta())


@get("/v1/artifacts", operation_id="list-artifacts", tags=_ARTIFACTS)
async def list_artifacts(
    request: Request[Any, Any, Any],
    service: StoreService,
    feature_id: FeatureId | None = None,
    path: Annotated[str | None, Parameter(max_length=500)] = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response[ArtifactListEnvelope]:
    """List artifacts by feature and path, each with its latest version."""
    page = Page(limit=limit + 1, after=read_cursor(cursor, (str, str)))
    found = await service.list_artifacts(feature_id, path, page)
    last = found[limit - 1] if len(found) > limit else None
    following = cursor_of(last.feature_id, last.path) if last else None
    return Response(
        ArtifactListEnvelope(
            data=tuple(found[:limit]), meta=meta(Pagination(limit=limit, next=following))
        ),
        headers=next_link(f"{request.url.path}?{request.url.query}", following),
    )


@get("/v1/artifacts/{artifact_id:str}", operation_id="read-artifact", tags=_ARTIFACTS)
async def read_artifact(artifact_id: str, service: StoreService) -> ArtifactEnvelope:
    """Read an artifact with its latest version."""
    return ArtifactEnvelope(data=await service.read_artifact(artifact_id), meta=meta())


@get("/v1/artifacts/{artifact_id:str}/versions", operation_id="list-versions", tags=_VERSIONS)
async def list_versions(
    request: Request[Any, Any, Any],
    artifact_id: str,
    service: StoreService,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response[VersionListEnvelope]:
    """List an artifact's versions, newest first."""
    key = read_cursor(cursor, (int,))
    found = await service.list_versions(artifact_id, key[0] if key else None, limit + 1)
    following = cursor_of(found[limit - 1].number) if len(found) > limit else None
    return Response(
        VersionListEnvelope(
            data=tuple(found[:limit]), meta=meta(Pagination(limit=limit, next=following))
        ),
        headers=next_link(f"{request.url.path}?{request.url.query}", following),
    )


@get("/v1/artifacts/{artifact_id:str}/versions/{expression:str}", operation_id="read-version",
     tags=_VERSIONS)  # fmt: skip
async def read_version(
    artifact_id: str, expression: str, service: StoreService
) -> Response[VersionEnvelope]:
    """Read a version by its number, its label, or `latest`."""
    version = await service.read_version(artifact_id, expression)
    return Response(
        VersionEnvelope(data=version, meta=meta()), headers={"ETag": f'"{version.digest}"'}
    )


def _place(version: VersionView) -> str:
    return f"/v1/artifacts/{version.artifact_id}/versions/{version.number}"


ROUTES = (
    *(create_version, commit, list_artifacts, read_artifact, list_versions, read_version),
    *(*CONTENT_ROUTES, *JOURNAL_ROUTES),
)
