"""What a way to another service offers: `http` goes over the network, `asgi` stays in process."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

__all__ = ["RawReply", "Transport"]


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
