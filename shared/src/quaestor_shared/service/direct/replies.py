"""Replies of what a handler gives, in the bytes that Litestar would send."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.serialization import get_serializer

from quaestor_shared.asgi_types import Receive, Scope, Send

__all__ = ["Replies"]

_JSON = "application/json"
_NO_BODY = (204, 304)


class Replies:
    """Makes replies of what one handler gives: a Struct, or a Response of bytes or of a Struct.

    Of what is more than that, Litestar makes one.
    """

    def __init__(self, handler: HTTPRouteHandler) -> None:
        self._handler = handler
        self._status = handler.status_code
        self._media_type = _text(handler.media_type or _JSON)
        self._encode = msgspec.json.Encoder(
            enc_hook=get_serializer(handler.resolve_type_encoders())
        ).encode

    async def of(self, given: Any, scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401
        """Give the ASGI app that answers a request with what the handler gave."""
        status, media_type = self._status, self._media_type
        content, headers = given, _NONE
        if type(given) is Response and not (given.cookies or given.background):
            status = given.status_code or status
            media_type = _text(given.media_type) if given.media_type else media_type
            content, headers = given.content, given.headers
        if media_type == _JSON and isinstance(content, msgspec.Struct):
            content = self._encode(content)
        if type(content) is not bytes or (content and status in _NO_BODY):
            request: Any = Request(scope, receive, send)  # type: ignore[arg-type]  # a scope is a mapping
            app: Any = scope["litestar_app"]
            return await self._handler.to_response(app=app, data=given, request=request)
        encoded = _encoded(headers)
        if status not in _NO_BODY:
            _describe(encoded, media_type, len(content))
        return _Reply(status, encoded, content)


class _Reply(NamedTuple):
    """An ASGI app that answers with bytes."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer."""
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


_NONE: Mapping[str, Any] = {}


def _encoded(headers: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


def _describe(headers: list[tuple[bytes, bytes]], media_type: str, length: int) -> None:
    """Add the type and the length of a body where they are not said yet."""
    names = [name for name, _ in headers]
    if b"content-type" not in names:
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        headers.append((b"content-type", (media_type + charset).encode("latin-1")))
    if b"content-length" not in names:
        headers.append((b"content-length", str(length).encode()))


def _text(media_type: str) -> str:
    """Give a media type as text alone; Litestar's own are of an Enum."""
    return str(media_type.value) if isinstance(media_type, Enum) else media_type
