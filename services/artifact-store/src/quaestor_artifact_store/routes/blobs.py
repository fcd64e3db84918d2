"""Contents by their digest over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, head, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from quaestor_artifact_store.domain.content_headers import content_headers
from quaestor_artifact_store.routes.content_replies import (
    Asked,
    conditions,
    content_reply,
    head_reply,
)
from quaestor_artifact_store.routes.raw_body import RawBody, read_raw
from quaestor_artifact_store.service.contents import ContentService
from quaestor_shared.contracts.blobs import BlobEnvelope, BlobUrlEnvelope
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Contents = NamedDependency[ContentService]
_BLOB = "/v1/blobs/{digest:str}"


@put(_BLOB, operation_id="upload-blob", operation_class=RawBody, request_max_body_size=None)
async def upload_blob(
    request: Request[Any, Any, Any], digest: FromPath[str], contents: Contents
) -> Response[BlobEnvelope]:
    """Upload a content under its digest: 201 for a new one, 200 for one that is known.

    A version can then be created with this digest. A content that no version names is removed
    some time later.
    """
    raw = read_raw(request, digest)
    blob = await contents.upload(digest, raw.media_type, raw.announced, raw.chunks)
    return Response(
        BlobEnvelope(data=blob, meta=meta()),
        status_code=201 if blob.created else 200,
        headers={"Location": f"/v1/blobs/{digest}", "ETag": f'"{digest}"'},
    )


@get(_BLOB, operation_id="read-blob")
async def read_blob(
    digest: FromPath[str], contents: Contents, asked: Asked
) -> Response[bytes] | Stream:
    """Read a content by its digest, or a part of it."""
    blob = await contents.describe(digest)
    headers = content_headers(digest, blob.media_type)
    return await content_reply(contents, digest, blob.size, headers, asked)


@head(_BLOB, operation_id="head-blob")
async def head_blob(digest: FromPath[str], contents: Contents, asked: Asked) -> Response[None]:
    """Read the headers of a content by its digest."""
    blob = await contents.describe(digest)
    return head_reply(digest, blob.size, content_headers(digest, blob.media_type), asked)


@get(f"{_BLOB}/url", operation_id="read-blob-url")
async def read_blob_url(
    digest: FromPath[str],
    contents: Contents,
    *,
    redirect: Annotated[
        bool, QueryParameter(description="Answer 307 to the address itself.")
    ] = False,
) -> Response[BlobUrlEnvelope]:
    """Get an address from which the content can be had, for a while, without passing us."""
    address = await contents.url(digest)
    headers = {"Cache-Control": "no-store"}
    return Response(
        BlobUrlEnvelope(data=address, meta=meta()),
        status_code=307 if redirect else 200,
        headers={**headers, "Location": address.url} if redirect else headers,
    )


ROUTER = Router(
    path="/",
    tags=["contents"],
    dependencies={"asked": Provide(conditions, sync_to_thread=False)},
    route_handlers=[upload_blob, read_blob, head_blob, read_blob_url],
)
