"""What every database does alike: one writer thread, and readers on threads of their own."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.writer import Writer
from quaestor_shared.clock import Clock
from quaestor_shared.telemetry.context import correlation_id, principal

__all__ = ["ThreadedDatabase"]

T = TypeVar("T")


class ThreadedDatabase(ABC):
    """A Database but for how it is reached, which its subclasses know."""

    def __init__(self, writer: Writer, clock: Clock, *, readers: int) -> None:
        self._writer = writer
        self._clock = clock
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.query, query)

    async def write(self, operation: Callable[[Transaction], T]) -> T:
        """Run an operation in the writer's next transaction."""
        now, actor, request = self._clock(), principal.get(), correlation_id.get()
        return await self._writer.run(lambda c: operation(Transaction(c, now, actor, request)))

    async def check(self) -> None:
        """Raise Unavailable when the database does not answer, to reads or to the writer."""
        await self.read(lambda c: c.execute("SELECT 1").fetchone())
        await self._writer.run(lambda _: None)

    def close(self) -> None:
        """Finish what is waiting, then close every connection."""
        self._readers.shutdown()
        self.close_readers()
        self._writer.close()

    @abstractmethod
    def query(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot, on the connection of this thread. Raises Unavailable."""

    @abstractmethod
    def close_readers(self) -> None:
        """Close the connections of the readers, whose threads have ended."""
