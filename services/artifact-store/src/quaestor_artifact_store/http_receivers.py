"""Receivers over HTTP: no redirect is followed, and no address of our own network is spoken to."""

import asyncio
import socket
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from quaestor_artifact_store.domain.addresses import host_of, is_public
from quaestor_artifact_store.receivers import Answer
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

if TYPE_CHECKING:
    from aiohttp import ClientSession

__all__ = ["HttpReceivers"]

_READ = 65_536  # bytes of an answer that are read, so that its connection can be used again
_LONGEST_WAIT = 36_000  # seconds that a receiver may ask us to wait


class _Refused(OSError):
    """The address is one that nothing is sent to."""


class HttpReceivers:
    """Receivers through aiohttp, which is imported with the first sending."""

    def __init__(self, *, timeout_s: float, private: bool) -> None:
        """`private` allows addresses that only this network can reach."""
        self._timeout = timeout_s
        self._private = private
        self._session: ClientSession | None = None

    async def check(self, url: str) -> None:
        """Raise InvalidInput for a URL at an address that nothing is sent to.

        A name that is not known yet passes: whatever it means later is looked at with each sending.
        """
        if self._private:
            return
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host_of(url), None)
        except (OSError, UnicodeError):
            return
        if not all(is_public(str(info[4][0])) for info in found):
            raise InvalidInput(
                "Nothing is sent to addresses of a private network.",
                details=[ErrorDetail(field="/url", message="must be at a public address")],
            )

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST a body, and give the answer."""
        # It takes a while to import, and the event loop has others to serve.
        aiohttp = await asyncio.to_thread(import_module, "aiohttp")
        session = self._open()
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as reply:
                await reply.content.read(_READ)
                return Answer(reply.status, None, _seconds(reply.headers.get("Retry-After", "")))
        except TimeoutError:
            return Answer(None, f"no answer within {self._timeout:g} s")
        except aiohttp.ClientConnectorError as error:
            refused = isinstance(error.os_error, _Refused)
            return Answer(None, "address not allowed" if refused else "no connection")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Answer(None, f"broken: {type(error).__name__}")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> "ClientSession":
        if self._session is None:
            import aiohttp

            self._session = aiohttp.ClientSession(
                # Asked for each connection, after the name was resolved: what a name means now
                # may not be what it meant when it was checked.
                connector=aiohttp.TCPConnector(socket_factory=self._socket, limit_per_host=8),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "quaestor"},
                skip_auto_headers=("Accept-Encoding",),
                auto_decompress=False,
            )
        return self._session

    def _socket(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._private and not is_public(str(address[0])):
            raise _Refused(f"{address[0]} is not public")
        return socket.socket(family, kind, protocol)


def _seconds(text: str) -> int | None:
    return min(int(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else None
