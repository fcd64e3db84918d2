"""The changes as they come, read once for all who follow them in this process."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TypeVar

from quaestor_artifact_store.database import Connection, Database, Transaction
from quaestor_artifact_store.repository import audit, changes
from quaestor_shared.contracts.audit import AuditEntry
from quaestor_shared.errors import QuaestorError
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Announced", "Feed"]

T = TypeVar("T")
_log = get_logger(__name__)
_KEPT = 1000  # changes in memory; who is further behind reads the database
_PAGE = 200
_PAUSE = 0.01  # seconds between two reads, so that many commits are read at once


class Feed:
    """Reads new changes when this process wrote, and at intervals for what others wrote.

    While nobody follows it reads nothing. Who follows keeps a position, and nothing else is kept
    for them, so a slow reader costs what a fast one does.
    """

    def __init__(self, database: Database, *, poll_s: float) -> None:
        self._database = database
        self._poll = poll_s
        self._tail: deque[AuditEntry] = deque(maxlen=_KEPT)
        self._end = 0  # the position up to which changes were read
        self._current = False  # whether the tail has been kept up since somebody follows
        self._news = asyncio.Event()
        self._arrived = asyncio.Event()
        self._followers = 0
        self._ended = False

    @property
    def ended(self) -> bool:
        """Whether nothing comes any more, because the server stops."""
        return self._ended

    def wake(self) -> None:
        """Say that something was written."""
        if self._followers:
            self._news.set()

    def end(self) -> None:
        """Let everyone who waits go."""
        self._ended = True
        self._arrived.set()

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follow during the block."""
        self._followers += 1
        self._news.set()
        try:
            yield
        finally:
            self._followers -= 1

    async def after(self, position: int) -> list[AuditEntry]:
        """Give some changes after a position: from memory where they are there."""
        if self._tail and self._tail[0].position <= position + 1:
            passed = max(position + 1 - self._tail[0].position, 0)
            return list(islice(self._tail, passed, passed + _PAGE))
        return await self._database.read(lambda c: audit.after(c, position, _PAGE))

    async def wait(self, position: int, timeout_s: float) -> None:
        """Wait for changes after a position, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._end <= position and not self._ended:
                    await self._arrived.wait()

    async def run(self) -> None:
        """Read what comes, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll if self._followers else None):
                    await self._news.wait()
            self._news.clear()
            if not self._followers:
                self._current = False
                continue
            try:
                await self._read()
            except QuaestorError as error:  # the next round comes
                _log.warning("events not read", exc_info=error)
            await asyncio.sleep(_PAUSE)

    async def _read(self) -> None:
        if self._current:
            new = await self._database.read(lambda c: audit.after(c, self._end, _KEPT))
            if not new:
                return
            self._tail.extend(new)
            self._end = new[-1].position
            if len(new) == _KEPT:
                self._news.set()
        else:
            self._end = (await self._database.read(changes.head)).position
            self._tail.clear()
            self._current = True
        arrived, self._arrived = self._arrived, asyncio.Event()
        arrived.set()


class Announced:
    """A Database that says when something was written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.listeners: list[Callable[[], None]] = []

    @property
    def alone(self) -> bool:
        """Whether no other process writes to it."""
        return self._database.alone

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot."""
        return await self._database.read(query)

    async def write(self, operation: Callable[[Transaction], T]) -> T:
        """Run an operation, and say so, whoever still waits for it."""
        try:
            return await self._database.write(operation)
        finally:
            for listener in self.listeners:
                listener()

    async def check(self) -> None:
        """Raise Unavailable when the database does not answer."""
        await self._database.check()

    def close(self) -> None:
        """Close the database."""
        self._database.close()
