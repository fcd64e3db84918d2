"""Versions over HTTP: read one, and lists."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_artifact_store.domain.listing import VersionFilter, VersionSort, fingerprint
from quaestor_artifact_store.domain.times import read_times
from quaestor_artifact_store.routes.filters import (
    Author,
    Include,
    LabelPrefix,
    Since,
    SortOfVersions,
    StateOfVersion,
    Until,
)
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_shared.contracts.versions import VersionEnvelope, VersionListEnvelope
from quaestor_shared.service.parameters import Count, Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]


@get("/v1/artifacts/{artifact_id:str}/versions", operation_id="list-versions")
async def list_versions(
    request: Request[Any, Any, Any],
    artifact_id: FromPath[str],
    artifacts: Artifacts,
    label_prefix: LabelPrefix = None,
    author: Author = None,
    in_state: StateOfVersion = None,
    since: Since = None,
    until: Until = None,
    sort: SortOfVersions = VersionSort.NUMBER_DOWN,
    include: Include = None,
    count: Count = False,  # noqa: FBT002 - Litestar passes it by name
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[VersionListEnvelope]:
    """List an artifact's versions, by default newest first."""
    first, last = read_times(since=since, until=until)
    asked = VersionFilter(
        sort=sort,
        label_prefix=label_prefix,
        author=author,
        state=in_state,
        since=first,
        until=last,
    )
    mark = fingerprint(asked)
    key = read_cursor(cursor, (int,), bound_to=mark)
    found, total = await artifacts.versions(
        artifact_id,
        asked,
        after=key[0] if key else None,
        limit=limit + 1,
        deleted=include is not None,
        count=count,
    )
    versions, pagination = page(
        found, limit, lambda version: (version.number,), bound_to=mark, total=total
    )
    return Response(
        VersionListEnvelope(data=versions, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get("/v1/artifacts/{artifact_id:str}/versions/{expression:str}", operation_id="read-version")
async def read_version(
    artifact_id: FromPath[str],
    expression: FromPath[str],
    artifacts: Artifacts,
    include: Include = None,
) -> Response[VersionEnvelope]:
    """Read a version by its number, label, `latest`, `approved`, or `as-of:` and a time."""
    version = await artifacts.read_version(artifact_id, expression, deleted=include is not None)
    return Response(
        VersionEnvelope(data=version, meta=meta()), headers={"ETag": f'"{version.digest}"'}
    )


ROUTER = Router(path="/", tags=["versions"], route_handlers=[list_versions, read_version])
