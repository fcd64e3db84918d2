"""The contents of versions over HTTP: raw bytes."""

from litestar import Response, Router, get, head
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Stream

from quaestor_artifact_store.domain.content_headers import content_headers
from quaestor_artifact_store.domain.expressions import read_expression
from quaestor_artifact_store.routes.content_replies import (
    Asked,
    conditions,
    content_reply,
    head_reply,
)
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_artifact_store.service.contents import ContentService
from quaestor_shared.contracts.versions import VersionView

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]
Contents = NamedDependency[ContentService]

_CONTENT = "/v1/artifacts/{artifact_id:str}/versions/{expression:str}/content"


@get(_CONTENT, operation_id="read-content")
async def read_content(
    artifact_id: FromPath[str],
    expression: FromPath[str],
    artifacts: Artifacts,
    contents: Contents,
    asked: Asked,
) -> Response[bytes] | Stream:
    """Read the content of a version, or a part of it."""
    version = await artifacts.read_version(artifact_id, expression)
    headers = _headers(version, expression)
    return await content_reply(contents, version.digest, version.size, headers, asked)


@head(_CONTENT, operation_id="head-content")
async def head_content(
    artifact_id: FromPath[str], expression: FromPath[str], artifacts: Artifacts, asked: Asked
) -> Response[None]:
    """Read the headers of a version's content."""
    version = await artifacts.read_version(artifact_id, expression)
    headers = _headers(version, expression)
    return head_reply(version.digest, version.size, headers, asked)


def _headers(version: VersionView, expression: str) -> dict[str, str]:
    lasting = read_expression(expression).lasts
    return content_headers(version.digest, version.media_type, version.path, lasting=lasting)


ROUTER = Router(
    path="/",
    tags=["contents"],
    dependencies={"asked": Provide(conditions, sync_to_thread=False)},
    route_handlers=[read_content, head_content],
)
