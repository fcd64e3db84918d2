"""Pooled HTTP to another service."""

from collections.abc import Iterable

import aiohttp
from yarl import URL

from quaestor_shared.client.transport import RawReply
from quaestor_shared.errors import Unavailable

__all__ = ["HttpTransport"]

# A service closes a connection after five idle seconds. Letting go of it first, we never send a
# request into a connection that is just being closed.
_IDLE = 4.0  # seconds


class HttpTransport:
    """Pooled HTTP/1.1 through aiohttp. Make it inside a running event loop."""

    def __init__(self, base_url: str, *, timeout_s: float = 30.0, connections: int = 100) -> None:
        self._base = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=_IDLE),
            timeout=aiohttp.ClientTimeout(total=timeout_s, connect=5),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def send(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> RawReply:
        """Send a request over the network."""
        try:
            async with self._session.request(
                method,
                URL(self._base + target, encoded=True),
                headers=list(headers),
                data=body or None,
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Accept-Encoding"),
            ) as reply:
                return RawReply(
                    status=reply.status,
                    headers={name.lower(): value for name, value in reply.headers.items()},
                    body=await reply.read(),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable("A service that this needs does not answer.") from error

    async def close(self) -> None:
        """Close the pool."""
        await self._session.close()
