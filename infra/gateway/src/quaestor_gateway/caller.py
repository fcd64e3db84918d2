"""Who sent a request: its body, and whether it is still there to be answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from types import TracebackType

from quaestor_shared.asgi_types import Message, Receive
from quaestor_shared.errors import QuaestorError

__all__ = ["Caller", "Watch"]

_QUICK = 0.25  # seconds: an answer within them needs nobody to watch whether the caller stays


class Caller:
    """Who sent the request: its body, and, once that is read, whether it is still there."""

    def __init__(self, first: Message, receive: Receive) -> None:
        self._message = first
        self._receive = receive
        self._read = asyncio.Event()
        self.gone = first["type"] == "http.disconnect"
        self.error: QuaestorError | None = None  # the one that ended the body, if one did

    def body(self) -> AsyncIterator[bytes] | bytes | None:
        """Give the body: whole where it came whole, else chunk by chunk."""
        if self._message.get("more_body"):
            return self._chunks()
        self._read.set()
        return self._message.get("body") or None

    async def until_gone(self) -> None:
        """Wait until the client closes the connection. Its body is not ours to read."""
        await self._read.wait()
        while not self.gone:
            self.gone = (await self._receive())["type"] == "http.disconnect"

    async def _chunks(self) -> AsyncIterator[bytes]:
        message = self._message
        while True:
            if message["type"] == "http.disconnect":
                self.gone = True
                raise ConnectionResetError("the client has gone")
            yield message.get("body", b"")
            if not message.get("more_body"):
                self._read.set()
                return
            try:
                message = await self._receive()
            except QuaestorError as error:
                self.error = error
                raise ConnectionAbortedError("the body was refused") from error


class Watch:
    """Ends what is done for a caller when the caller goes away.

    The block is left without an exception then: nobody is there to be answered.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def __aenter__(self) -> None:
        self._served = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_QUICK, self._begin)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self._timer.cancel()
        if self._watching is None:
            return False
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching
        ours = kind is asyncio.CancelledError and self._caller.gone
        if ours and self._served is not None:
            self._served.uncancel()
        return ours

    def _begin(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        await self._caller.until_gone()
        if self._served is not None:
            self._served.cancel()
