"""Artifacts over HTTP: read one, and lists."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_artifact_store.domain.listing import ArtifactFilter, ArtifactSort, fingerprint
from quaestor_artifact_store.domain.times import read_times
from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.routes.filters import (
    Author,
    Include,
    MediaType,
    Path,
    PathPrefix,
    SortOfArtifacts,
    StateOfArtifact,
    UpdatedSince,
    UpdatedUntil,
)
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_shared.contracts.versions import ArtifactEnvelope, ArtifactListEnvelope
from quaestor_shared.service.parameters import Count, Cursor, FeatureFilter, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]


@get("/v1/artifacts", operation_id="list-artifacts")
async def list_artifacts(
    request: Request[Any, Any, Any],
    artifacts: Artifacts,
    feature_id: FeatureFilter = None,
    path: Path = None,
    path_prefix: PathPrefix = None,
    media_type: MediaType = None,
    author: Author = None,
    in_state: StateOfArtifact = None,
    updated_since: UpdatedSince = None,
    updated_until: UpdatedUntil = None,
    sort: SortOfArtifacts = ArtifactSort.PATH,
    count: Count = False,  # noqa: FBT002 - Litestar passes it by name
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[ArtifactListEnvelope]:
    """List artifacts, each with its latest version, which `media_type` and `author` are about."""
    since, until = read_times(updated_since=updated_since, updated_until=updated_until)
    asked = ArtifactFilter(
        sort=sort,
        feature_id=feature_id,
        path=path,
        path_prefix=path_prefix,
        media_type=media_type,
        author=author,
        state=in_state,
        since=since,
        until=until,
    )
    mark = fingerprint(asked)
    after = read_cursor(cursor, asked.key_kinds, bound_to=mark)
    found, total = await artifacts.listing(asked, Page(limit=limit + 1, after=after), count=count)
    listed, pagination = page(found, limit, asked.key_of, bound_to=mark, total=total)
    return Response(
        ArtifactListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/artifacts/{artifact_id:str}", operation_id="read-artifact")
async def read_artifact(
    artifact_id: FromPath[str], artifacts: Artifacts, include: Include = None
) -> Response[ArtifactEnvelope]:
    """Read an artifact with its latest version, whose digest is the ETag."""
    artifact = await artifacts.read(artifact_id, deleted=include is not None)
    return Response(
        ArtifactEnvelope(data=artifact, meta=meta()),
        headers={"ETag": f'"{artifact.latest.digest}"'},
    )


ROUTER = Router(path="/", tags=["artifacts"], route_handlers=[list_artifacts, read_artifact])
