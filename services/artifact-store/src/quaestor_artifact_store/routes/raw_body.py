"""A request whose body is a content: it is not read here, but handed on as it comes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from quaestor_shared.contracts.base import Digest
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import MediaType
from quaestor_shared.errors import BadRequest, InvalidInput
from quaestor_shared.service.bodies import check_identity

__all__ = ["RawBody", "RawContent", "read_raw", "sent_path"]

_NO_TYPE = "application/octet-stream"


class RawContent(NamedTuple):
    """A body to come: its media type, its size in bytes if that was announced, its chunks."""

    media_type: str
    announced: int | None
    chunks: AsyncIterator[bytes]


@dataclass
class RawBody(Operation):
    """An operation that takes any bytes, said in the OpenAPI document."""

    def __post_init__(self) -> None:
        """Describe the body."""
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        content = {_NO_TYPE: OpenAPIMediaType(schema=schema)}
        self.request_body = RequestBody(content=content, required=True)


def read_raw(request: Request[Any, Any, Any], digest: str) -> RawContent:
    """Read what is said of a body, and begin with it.

    Raises InvalidInput naming what cannot be taken, UnsupportedMedia for a compressed one.
    """
    check_identity(request.scope["headers"])
    media_type = request.headers.get("content-type", _NO_TYPE)
    faults = [
        *_fault("digest", digest, Digest, "`sha256:` and 64 hexadecimal digits in lower case"),
        *_fault("Content-Type", media_type, MediaType, "one such as `text/markdown`"),
    ]
    if "content-range" in request.headers:  # RFC 9110, 14.5: not to be taken for the whole
        faults.append(ErrorDetail(field="Content-Range", message="send the whole content"))
    if faults:
        raise InvalidInput("A content cannot be taken as it was sent.", details=faults)
    return RawContent(media_type, request.content_length, _chunks(request))


def sent_path(request: Request[Any, Any, Any], path: str) -> str:
    """Give a path as it was sent: Litestar takes `a//b` and `a/` for other paths than they are."""
    sent = unquote((request.scope.get("raw_path") or b"").decode("latin-1"))
    return sent.split("/files/", 1)[1] if "/files/" in sent else path.lstrip("/")


def _fault(field: str, value: str, kind: Any, wanted: str) -> list[ErrorDetail]:  # noqa: ANN401
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return [ErrorDetail(field=field, message=wanted)]
    return []


async def _chunks(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException as error:  # the client has gone, and nobody reads this
        raise BadRequest("The body ended early; nothing was stored.") from error
