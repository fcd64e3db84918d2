"""Newline-delimited JSON both ways at once: answers go out while lines still come in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.exceptions import InternalServerException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Send

from quaestor_shared.errors import UnsupportedMedia
from quaestor_shared.service.bodies import check_identity

__all__ = ["MEDIA_TYPE", "LinesOperation", "LinesResponse", "check_lines_media", "lines_of"]

MEDIA_TYPE = "application/x-ndjson"


class LinesResponse(Response[str]):
    """Sends lines as they are made."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        super().__init__("", media_type=MEDIA_TYPE)
        self._lines = lines

    def to_asgi_response(self, *_args: Any, **_kwargs: Any) -> ASGIStreamingResponse:  # noqa: ANN401
        """Give the ASGI application that sends them."""
        return _Streaming(iterator=self._lines, media_type=MEDIA_TYPE, status_code=200)


class _Streaming(ASGIStreamingResponse):
    """A stream whose request is still being read.

    Litestar's own waits for a disconnect beside it, and would swallow the request's body.
    """

    async def send_body(self, send: Send, receive: Receive) -> None:  # noqa: ARG002
        await self._stream(send)


@dataclass
class LinesOperation(Operation):
    """Documents a body of lines."""

    def __post_init__(self) -> None:
        """Add the body."""
        text = Schema(type="string", description="A JSON value a line (NDJSON).")  # type: ignore[arg-type]  # Litestar takes its names as text too
        self.request_body = RequestBody(
            content={MEDIA_TYPE: OpenAPIMediaType(schema=text)}, required=True
        )


async def lines_of(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """Give a request's body in the chunks it comes in, until it or the client ends."""
    try:
        async for chunk in request.stream():
            yield chunk
    except InternalServerException:
        return  # Litestar's word for a client that has gone


def check_lines_media(request: Request[Any, Any, Any]) -> None:
    """Refuse a body that does not call itself NDJSON. Raises UnsupportedMedia."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise UnsupportedMedia(f"The content type must be {MEDIA_TYPE}.")
    check_identity(request.scope["headers"])
