"""A service over HTTP, as an ASGI app: pooled connections, bodies streamed both ways."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import aiohttp
from yarl import URL

from quaestor_gateway.caller import Caller, Watch
from quaestor_gateway.domain.routing import response_headers
from quaestor_shared.asgi_types import Receive, Scope, Send
from quaestor_shared.errors import Unavailable
from quaestor_shared.service.closing import on_closing

__all__ = ["HttpUpstream"]

_ENDLESS = "text/event-stream"
_SMALL = 65_536  # bytes: up to this size an answer is read whole and sent at once
# A service closes a connection after five idle seconds. Letting go of it first, we never send a
# request into a connection that is just being closed.
_IDLE = 4.0  # seconds


class HttpUpstream:
    """Forwards a request to `base_url` exactly as it came, path and query included.

    Raises Unavailable when no answer begins. Open it inside a running event loop.
    """

    def __init__(self, base_url: str, *, timeout_s: float, connections: int) -> None:
        self._base = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(
            total=None,
            connect=timeout_s,  # of which most may be waiting for a free connection of the pool
            sock_connect=2,
            sock_read=timeout_s,
        )
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the pool."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_IDLE),
            timeout=self._timeout,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request; when the caller goes away, the service is told by a closed line."""
        if self._session is None:
            raise Unavailable("The gateway is starting.")
        caller = Caller(await receive(), receive)
        if caller.gone:
            return
        async with Watch(caller):
            try:
                reply = await self._session.request(
                    scope["method"],
                    self._target(scope),
                    headers=[
                        (n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]
                    ],
                    data=caller.body(),
                    allow_redirects=False,
                    skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                )
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                if caller.gone:
                    return  # nobody is left to be told
                raise caller.error or _down() from error
            async with reply:
                await _send_on(reply, send)

    def _target(self, scope: Scope) -> URL:
        query = scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1")
        return URL(f"{self._base}{path}{'?' if query else ''}{query}", encoded=True)


async def _send_on(reply: aiohttp.ClientResponse, send: Send) -> None:
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
    with _until_closing(reply) if reply.content_type == _ENDLESS else nullcontext():
        async for chunk in reply.content.iter_any():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def _until_closing(reply: aiohttp.ClientResponse) -> Iterator[None]:
    """Leave the block, should this server stop: an answer without end is whole at any moment."""
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        reply.close()

    with on_closing(stop):
        try:
            yield
        except aiohttp.ClientError:
            if not stopped:
                raise


def _down() -> Unavailable:
    return Unavailable("The service behind this address does not answer; try again in a moment.")
