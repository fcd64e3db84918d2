"""Where callers stand in line for workers: each caller's turn comes, however much another asks."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quaestor_shared.errors import Unavailable

__all__ = ["Line"]


class Line:
    """Gives `size` workers out in turns, round robin over callers; `waiting` more may stand in it.

    Who has no place yet gets one even if the line is full: so who fills it keeps nobody else out.
    """

    def __init__(self, size: int, waiting: int) -> None:
        self._free = size
        self._most = size + waiting
        self._inside: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """Have a place in the line. Raises Unavailable when there is none."""
        if self._inside[caller] and self._inside.total() >= self._most:
            raise Unavailable("Too many checks are waiting for a worker; try again in a moment.")
        self._inside[caller] += 1
        try:
            yield
        finally:
            self._inside[caller] -= 1
            if not self._inside[caller]:
                del self._inside[caller]

    @asynccontextmanager
    async def turn(self, caller: str) -> AsyncIterator[None]:
        """Wait for a worker to be free, and have it."""
        await self._wait(caller)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, caller: str) -> None:
        if self._free:
            self._free -= 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # it was given, and is not wanted any more
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give the worker to the next caller, whose others then wait behind everybody else's."""
        while self._waiting:
            caller, theirs = self._waiting.popitem(last=False)
            given = theirs.popleft()
            if theirs:
                self._waiting[caller] = theirs
            if not given.done():
                given.set_result(None)
                return
        self._free += 1
