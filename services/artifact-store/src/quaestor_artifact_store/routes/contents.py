"""Contents over HTTP: raw bytes, named by version or by digest."""

from litestar import MediaType, Response, Router, get, head
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_artifact_store.domain.content_headers import content_headers, matches
from quaestor_artifact_store.service.artifacts import ArtifactService
from quaestor_artifact_store.service.contents import ContentService
from quaestor_shared.service.parameters import IfNoneMatch

__all__ = ["ROUTER"]

Artifacts = NamedDependency[ArtifactService]
Contents = NamedDependency[ContentService]

_VERSION = "/v1/artifacts/{artifact_id:str}/versions/{expression:str}/content"
_BLOB = "/v1/blobs/{digest:str}"


@get(_VERSION, operation_id="read-content")
async def read_content(
    artifact_id: FromPath[str],
    expression: FromPath[str],
    artifacts: Artifacts,
    contents: Contents,
    if_none_match: IfNoneMatch = None,
) -> Response[bytes]:
    """Read the content of a version."""
    version = await artifacts.read_version(artifact_id, expression)
    headers = content_headers(version.digest, version.media_type, version.path)
    return await _content(contents, version.digest, headers, if_none_match)


@head(_VERSION, operation_id="head-content")
async def head_content(
    artifact_id: FromPath[str],
    expression: FromPath[str],
    artifacts: Artifacts,
    if_none_match: IfNoneMatch = None,
) -> Response[None]:
    """Read the headers of a version's content."""
    version = await artifacts.read_version(artifact_id, expression)
    headers = content_headers(version.digest, version.media_type, version.path)
    return _head(version.digest, headers, version.size, if_none_match)


@get(_BLOB, operation_id="read-blob")
async def read_blob(
    digest: FromPath[str], contents: Contents, if_none_match: IfNoneMatch = None
) -> Response[bytes]:
    """Read a content by its digest."""
    blob = await contents.describe(digest)
    return await _content(contents, digest, content_headers(digest, blob.media_type), if_none_match)


@head(_BLOB, operation_id="head-blob")
async def head_blob(
    digest: FromPath[str], contents: Contents, if_none_match: IfNoneMatch = None
) -> Response[None]:
    """Read the headers of a content by its digest."""
    blob = await contents.describe(digest)
    return _head(digest, content_headers(digest, blob.media_type), blob.size, if_none_match)


async def _content(
    contents: ContentService, digest: str, headers: dict[str, str], if_none_match: str | None
) -> Response[bytes]:
    if matches(if_none_match, digest):
        return Response(b"", status_code=304, headers=headers)
    return Response(await contents.read(digest), headers=headers)


def _head(
    digest: str, headers: dict[str, str], size: int, if_none_match: str | None
) -> Response[None]:
    known = matches(if_none_match, digest)
    return Response(
        None,
        status_code=304 if known else 200,
        media_type=MediaType.TEXT,  # as JSON the missing body would be `null`
        headers=headers if known else {**headers, "Content-Length": str(size)},
    )


ROUTER = Router(
    path="/",
    tags=["contents"],
    route_handlers=[read_content, head_content, read_blob, head_blob],
)
