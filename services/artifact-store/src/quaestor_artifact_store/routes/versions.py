"""Versions over HTTP."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_shared.contracts.versions import (
    Commit,
    CommitEnvelope,
    VersionEnvelope,
    VersionListEnvelope,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]


@post("/v1/commits", operation_id="commit", dto=StrictBody[Commit], return_dto=None)
async def commit(data: JSONBody[Commit], artifacts: Artifacts, once: OnceOnly) -> CommitEnvelope:
    """Store several versions, and append events to a journal, in one transaction."""
    return CommitEnvelope(data=await artifacts.commit(data, once), meta=meta())


@get(
    "/v1/artifacts/{artifact_id:str}/versions",
    operation_id="list-versions",
)
async def list_versions(
    request: Request[Any, Any, Any],
    artifact_id: FromPath[str],
    artifacts: Artifacts,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[VersionListEnvelope]:
    """List an artifact's versions, newest first."""
    key = read_cursor(cursor, (int,))
    found = await artifacts.versions(artifact_id, key[0] if key else None, limit + 1)
    versions, pagination = page(found, limit, lambda version: (version.number,))
    return Response(
        VersionListEnvelope(data=versions, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/artifacts/{artifact_id:str}/versions/{expression:str}", operation_id="read-version")
async def read_version(
    artifact_id: FromPath[str], expression: FromPath[str], artifacts: Artifacts
) -> Response[VersionEnvelope]:
    """Read a version by its number, its label, or `latest`."""
    version = await artifacts.read_version(artifact_id, expression)
    return Response(
        VersionEnvelope(data=version, meta=meta()), headers={"ETag": f'"{version.digest}"'}
    )


ROUTER = Router(
    path="/",
    tags=["versions"],
    route_handlers=[commit, list_versions, read_version],
)
