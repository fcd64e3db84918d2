"""Two ways to another service: pooled HTTP, and a call in the same process."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import aiohttp
import msgspec
from yarl import URL

from quaestor_shared.errors import Unavailable

__all__ = ["HttpTransport", "RawReply", "Transport"]


class RawReply(msgspec.Struct, frozen=True, kw_only=True):
    """A status, headers with lower-case names, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Sends one request. Raises Unavailable when no answer comes."""

    async def send(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> RawReply:
        """Send a request; `target` is a path with its query, percent-encoded."""

    async def close(self) -> None:
        """Let go of connections."""


class HttpTransport:
    """Pooled HTTP/1.1 through aiohttp. Make it inside a running event loop."""

    def __init__(self, base_url: str, *, timeout_s: float = 30.0, connections: int = 100) -> None:
        self._base = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
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
