"""A service over HTTP, as an ASGI app: pooled connections, bodies streamed both ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
from yarl import URL

from quaestor_gateway.domain.routing import response_headers
from quaestor_shared.asgi_types import Message, Receive, Scope, Send
from quaestor_shared.errors import QuaestorError, Unavailable

__all__ = ["HttpUpstream"]

_SMALL = 65_536  # bytes: up to this size an answer is read whole and sent at once


class HttpUpstream:
    """Forwards a request to `base_url` exactly as it came, path and query included.

    Raises Unavailable when no answer begins. Open it inside a running event loop.
    """

    def __init__(self, base_url: str, *, timeout_s: float, connections: int) -> None:
        self._base = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=timeout_s)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the pool."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections),
            timeout=self._timeout,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request."""
        if self._session is None:
            raise Unavailable("The gateway is starting.")
        first = await receive()
        source = _Source(first, receive)
        try:
            reply = await self._session.request(
                scope["method"],
                self._target(scope),
                headers=[(n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]],
                data=source.chunks() if first.get("more_body") else first.get("body") or None,
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise source.error or _down() from error
        async with reply:
            await _send_on(reply, receive, send)

    def _target(self, scope: Scope) -> URL:
        query = scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1")
        return URL(f"{self._base}{path}{'?' if query else ''}{query}", encoded=True)


class _Source:
    """The request's body, chunk by chunk; keeps the error that ended it, if one did."""

    def __init__(self, first: Message, receive: Receive) -> None:
        self._message = first
        self._receive = receive
        self.error: QuaestorError | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        message = self._message
        while True:
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("the client has gone")
            yield message.get("body", b"")
            if not message.get("more_body"):
                return
            try:
                message = await self._receive()
            except QuaestorError as error:
                self.error = error
                raise ConnectionAbortedError("the body was refused") from error


async def _send_on(reply: aiohttp.ClientResponse, receive: Receive, send: Send) -> None:
    head = {
        "type": "http.response.start",
        "status": reply.status,
        "headers": response_headers(reply.raw_headers),
    }
    if reply.content_length is not None and reply.content_length <= _SMALL:
        try:
            body = await reply.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _down() from error
        await send(head)
        await send({"type": "http.response.body", "body": body})
        return
    await send(head)
    await _stream(reply, receive, send)


async def _stream(reply: aiohttp.ClientResponse, receive: Receive, send: Send) -> None:
    """Send a long answer as it comes, and stop asking for it when the client goes away."""
    current = asyncio.current_task()
    gone = asyncio.create_task(_until_gone(receive))
    gone.add_done_callback(lambda _: current.cancel() if current and not finished else None)
    finished = False
    try:
        async for chunk in reply.content.iter_any():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        finished = True
        await send({"type": "http.response.body", "body": b""})
    finally:
        finished = True
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _down() -> Unavailable:
    return Unavailable("The service behind this address does not answer; try again in a moment.")
