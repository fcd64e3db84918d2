"""The one writer: a thread that commits what has come in meanwhile in one transaction.

One fsync serves everyone who waits in that moment (group commit), so durable writes stay cheap
under load. An operation that fails is rolled back to its savepoint and disturbs no other.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

from quaestor_artifact_store.sqlite.connections import unavailable
from quaestor_shared.errors import QuaestorError, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Writer"]

T = TypeVar("T")
Operation = Callable[[sqlite3.Connection], T]
_log = get_logger(__name__)
_MOST = 256  # operations in one transaction: bounds how long the first one waits
# Errors of one operation alone. After any other (disk full, I/O, damage) the group is in doubt.
_OF_ONE = (sqlite3.IntegrityError, sqlite3.DataError)


class _Job(NamedTuple):
    operation: Operation[Any]
    result: "Future[Any]"


class Writer:
    """Runs operations on the connection that it owns, in the order they come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()  # so that no job is put behind the end, where nobody looks
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def run(self, operation: Operation[T]) -> T:
        """Run an operation; what it did is on disk when this returns.

        Raises what the operation raises, or Unavailable when the commit failed.
        """
        result: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise Unavailable("The store is shutting down.")
            self._jobs.put(_Job(operation, result))
        return await asyncio.wrap_future(result)

    def close(self) -> None:
        """Finish what is waiting, then close the connection."""
        with self._gate:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        self._connection.close()

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
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for job in group:
                outcomes.append((job, *self._attempt(job)))  # noqa: PERF401 - may raise midway
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - a thread that ends leaves all waiting for ever
            _log.error("commit failed", operations=len(group), exc_info=error)
            self._roll_back()
            for job in group:
                _settle(job, None, unavailable(error))
            return
        for job, value, error_of_one in outcomes:
            _settle(job, value, error_of_one)

    def _attempt(self, job: _Job) -> tuple[Any, BaseException | None]:
        if job.result.cancelled():
            return None, None
        self._connection.execute("SAVEPOINT operation")
        try:
            value = job.operation(self._connection)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not isinstance(error, _OF_ONE):
                raise
            self._connection.execute("ROLLBACK TO operation")
            self._connection.execute("RELEASE operation")
            if not isinstance(error, QuaestorError):
                _log.error("operation failed", exc_info=error)
            return None, error
        self._connection.execute("RELEASE operation")
        return value, None

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _settle(job: _Job, value: Any, error: BaseException | None) -> None:  # noqa: ANN401
    if not job.result.set_running_or_notify_cancel():
        return
    if error is not None:
        job.result.set_exception(error)
    else:
        job.result.set_result(value)
