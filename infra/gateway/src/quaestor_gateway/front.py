"""What stands before everything: who is it, is the path sound, is the body small enough."""

from collections.abc import Mapping
from typing import NoReturn

import msgspec

from quaestor_gateway.domain.keys import KeyHash, KeyRing
from quaestor_gateway.domain.routing import (
    is_upload,
    quoted_path,
    request_headers,
    safe_path,
    upstream_of,
)
from quaestor_shared.asgi_types import ASGIApp, Message, Receive, Scope, Send
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import BadRequest, NotFound, PayloadTooLarge, QuaestorError
from quaestor_shared.telemetry import context
from quaestor_shared.telemetry.tracing import outgoing_trace_headers

__all__ = ["Front"]

_encode = msgspec.json.Encoder().encode
_CORRELATION = context.CORRELATION_HEADER.encode()
_PRINCIPAL = context.PRINCIPAL_HEADER.encode()


class Front:
    """An ASGI app: `/v1/...` goes, authenticated, to the service it belongs to; the rest inside.

    `upstreams` are ASGI apps by service name, whether they call over HTTP or in this process.
    """

    def __init__(
        self,
        inside: ASGIApp,
        *,
        upstreams: Mapping[str, ASGIApp],
        keys: KeyRing,
        max_body: int,
        max_blob: int,
    ) -> None:
        self._inside = inside
        self._upstreams = upstreams
        self._keys = keys
        self._max_body = max_body
        self._max_blob = max_blob

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        upload = is_upload(scope["method"], scope["path"])
        body = _LimitedBody(receive, self._max_blob if upload else self._max_body)
        sending = _Sending(send)
        try:
            if scope.get("raw_path") is None:  # optional in ASGI, and some hosts leave it out
                scope = {**scope, "raw_path": quoted_path(scope["path"])}
            if not safe_path(scope["raw_path"]):
                raise NotFound("There is nothing at this address.")
            if not scope["path"].startswith("/v1/"):
                await self._inside(scope, receive, send)
                return
            await self._forward(scope, body, sending)
        except QuaestorError as error:
            if sending.started:
                raise  # the status is out already; the server ends the connection
            await _answer(send, body.error or error)

    async def _forward(self, scope: Scope, body: "_LimitedBody", send: "_Sending") -> None:
        key = self._authenticate(scope)
        name = upstream_of(scope["path"])
        if name is None:
            raise NotFound("There is nothing at this address.")
        body.check_announced(scope)
        context.principal.set(key.name)  # until the request is logged, with this name
        await self._upstreams[name](_onward(scope, key), body, send)

    def _authenticate(self, scope: Scope) -> KeyHash:
        given = dict(scope["headers"])
        scheme, _, token = given.get(b"authorization", b"").decode("latin-1").partition(" ")
        text = token.strip() if scheme.lower() == "bearer" else ""
        key = self._keys.find(text or given.get(b"x-api-key", b"").decode("latin-1"))
        return key if key is not None else _refuse()


class _LimitedBody:
    """Counts a request's body while it is read, and refuses what is too much of it."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0
        self.error: QuaestorError | None = None

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            self._refuse()
        return message

    def check_announced(self, scope: Scope) -> None:
        """Refuse at once what calls itself too large. Raises PayloadTooLarge."""
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit():
            raise BadRequest("Content-Length is no number.")
        if int(length[:20]) > self._limit:
            self._refuse()

    def _refuse(self) -> NoReturn:
        self.error = PayloadTooLarge(f"The body is larger than {self._limit} bytes.")
        raise self.error


class _Sending:
    """Remembers whether the answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self._send(message)


def _onward(scope: Scope, key: KeyHash) -> Scope:
    headers = request_headers(scope["headers"])
    headers += [
        (_CORRELATION, (context.correlation_id.get() or "").encode()),
        (_PRINCIPAL, key.name.encode()),
        *((name.encode(), value.encode("latin-1")) for name, value in outgoing_trace_headers()),
    ]
    return {**scope, "headers": headers, "state": {}, "extensions": {}}


def _refuse() -> NoReturn:
    raise BadRequest(
        "Say who you are: send an API key as `Authorization: Bearer <key>`.",
        code=ErrorCode.UNAUTHENTICATED,
        status=401,
        headers={"WWW-Authenticate": 'Bearer realm="quaestor"'},
    )


async def _answer(send: Send, error: QuaestorError) -> None:
    content = _encode(error.envelope(context.correlation_id.get()))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in error.headers.items()),
    ]
    await send({"type": "http.response.start", "status": error.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": content})
