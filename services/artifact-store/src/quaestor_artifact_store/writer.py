"""The one writer: a thread that commits what has come in meanwhile in one transaction.

One fsync serves everyone who waits in that moment (group commit), so durable writes stay cheap
under load. An operation that fails is rolled back to its savepoint and disturbs no other. How a
transaction begins and which errors are one operation's alone is the database's to say.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar

from quaestor_artifact_store.awaited import Outcome, hand_back
from quaestor_artifact_store.database import Connection
from quaestor_shared.errors import QuaestorError, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Writable", "Writer"]

T = TypeVar("T")
Operation = Callable[[Connection], T]
_log = get_logger(__name__)
_MOST = 256  # operations in one transaction: bounds how long the first one waits


class Writable(Protocol):
    """A connection that the writer owns, and what its database means by its errors."""

    @property
    def connection(self) -> Connection:
        """The connection; a new one when the last was found broken."""

    def begin(self) -> None:
        """Begin a transaction in which nobody else writes."""

    def end(self) -> None:
        """Commit; what was done is on disk when this returns."""

    def give_up(self) -> None:
        """Roll back, whatever state the connection is in. Raises nothing."""

    def is_of_one(self, error: Exception) -> bool:
        """Say whether an error is one operation's alone, so that the others' work stands.

        After an error of the database itself (disk full, I/O, damage) the group is in doubt.
        """

    def unavailable(self, error: Exception) -> Unavailable:
        """Give the error that a failed group is answered with."""

    def close(self) -> None:
        """Close the connection."""


class _Job(NamedTuple):
    operation: Operation[Any]
    result: "asyncio.Future[Any]"


class Writer:
    """Runs operations on the connection that it owns, in the order they come."""

    def __init__(self, writable: Writable) -> None:
        self._writable = writable
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()  # so that no job is put behind the end, where nobody looks
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def run(self, operation: Operation[T]) -> T:
        """Run an operation; what it did is on disk when this returns.

        Raises what the operation raises, or Unavailable when the commit failed.
        """
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._gate:
            if self._closed:
                raise Unavailable("The store is shutting down.")
            self._jobs.put(_Job(operation, result))
        return await result

    def close(self) -> None:
        """Finish what is waiting, then close the connection."""
        with self._gate:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        self._writable.close()

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            group, last = [job], False
            with contextlib.suppress(queue.Empty):
                while len(group) < _MOST:
                    following = self._jobs.get_nowait()
                    if following is None:
                        last = True
                        break
                    group.append(following)
            self._commit(group)
            if last:
                return

    def _commit(self, group: list[_Job]) -> None:
        """Run a group in one transaction, and tell nobody anything before it is on disk."""
        outcomes: list[Outcome] = []
        try:
            self._writable.begin()
            for job in group:
                outcomes.append(self._attempt(job))  # noqa: PERF401 - may raise midway
            self._finish(self._writable.connection)
            self._writable.end()
        except Exception as error:  # noqa: BLE001 - a thread that ends leaves all waiting for ever
            _log.error("commit failed", operations=len(group), exc_info=error)
            self._writable.give_up()
            failed = self._writable.unavailable
            outcomes = [Outcome(job.result, error=failed(error)) for job in group]
        hand_back(outcomes)

    def _finish(self, connection: Connection) -> None:
        for work in connection.late:
            work(connection)
        connection.late.clear()

    def _attempt(self, job: _Job) -> Outcome:
        if job.result.cancelled():
            return Outcome(job.result)
        connection = self._writable.connection
        connection.execute("SAVEPOINT operation")
        try:
            value = job.operation(connection)
        except Exception as error:
            if not self._writable.is_of_one(error):
                raise
            connection.execute("ROLLBACK TO SAVEPOINT operation")
            connection.execute("RELEASE SAVEPOINT operation")
            if not isinstance(error, QuaestorError):
                _log.error("operation failed", exc_info=error)
            return Outcome(job.result, error=error)
        connection.execute("RELEASE SAVEPOINT operation")
        return Outcome(job.result, value)
