"""Where events are sent: the port. `http_receivers` is its adapter."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

__all__ = ["Answer", "Receivers"]


class Answer(NamedTuple):
    """How a receiver answered: with a status, or not at all, and then why.

    `retry_after` is in seconds, where the receiver asked for it.
    """

    status: int | None
    error: str | None = None
    retry_after: int | None = None


class Receivers(Protocol):
    """Sends to whoever wants to be told."""

    async def check(self, url: str) -> None:
        """Raise InvalidInput for a URL at an address that nothing is sent to."""

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST a body, and give the answer. Raises nothing: no answer is an answer too."""

    async def close(self) -> None:
        """Let go of connections."""
