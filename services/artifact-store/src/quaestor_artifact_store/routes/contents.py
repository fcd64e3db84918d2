"""Contents over HTTP: raw bytes, named by version or by digest."""

from litestar import Response, Router, get, head
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_artifact_store.service import StoreService
from quaestor_shared.service.parameters import IfNoneMatch

__all__ = ["ROUTER"]

Store = NamedDependency[StoreService]

_VERSION = "/v1/artifacts/{artifact_id:str}/versions/{expression:str}/content"
_BLOB = "/v1/blobs/{digest:str}"


@get(_VERSION, operation_id="read-content")
async def read_content(
    artifact_id: FromPath[str],
    expression: FromPath[str],
    service: Store,
    if_none_match: IfNoneMatch = None,
) -> Response[bytes]:
    """Read the content of a version."""
    version = await service.read_version(artifact_id, expression)
    return await _content(service, version.digest, version.media_type, if_none_match)


@head(_VERSION, operation_id="head-content")
async def head_content(
    artifact_id: FromPath[str], expression: FromPath[str], service: Store
) -> Response[None]:
    """Read the headers of a version's content."""
    version = await service.read_version(artifact_id, expression)
    return _head(version.digest, version.media_type, version.size)


@get(_BLOB, operation_id="read-blob")
async def read_blob(
    digest: FromPath[str], service: Store, if_none_match: IfNoneMatch = None
) -> Response[bytes]:
    """Read a content by its digest."""
    media_type = await service.media_type(digest)
    return await _content(service, digest, media_type, if_none_match)


@head(_BLOB, operation_id="head-blob")
async def head_blob(digest: FromPath[str], service: Store) -> Response[None]:
    """Read the headers of a content by its digest."""
    return _head(digest, await service.media_type(digest), None)


async def _content(
    service: StoreService, digest: str, media_type: str, if_none_match: str | None
) -> Response[bytes]:
    if _matches(if_none_match, digest):
        return Response(b"", status_code=304, headers=_headers(digest, media_type))
    content = await service.content(digest)
    return Response(content, headers=_headers(digest, media_type))


def _head(digest: FromPath[str], media_type: str, size: int | None) -> Response[None]:
    length = {} if size is None else {"Content-Length": str(size)}
    return Response(
        None,
        headers={**_headers(digest, media_type), **length},
    )


def _headers(digest: FromPath[str], media_type: str) -> dict[str, str]:
    """A digest names one content for good: it may be kept by whoever has the right to it."""
    headers = {
        # Said here, because Litestar would add a charset of its own to a text.
        "Content-Type": media_type,
        "ETag": f'"{digest}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    if not media_type.startswith(("text/markdown", "text/plain", "application/json")):
        headers["Content-Disposition"] = "attachment"
    return headers


def _matches(if_none_match: str | None, digest: FromPath[str]) -> bool:
    """Weak comparison, as RFC 9110 (13.1.2) wants it for If-None-Match."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or f'"{digest}"' in tags


ROUTER = Router(
    path="/",
    tags=["contents"],
    route_handlers=[read_content, head_content, read_blob, head_blob],
)
