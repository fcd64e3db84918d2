"""PostgreSQL: one writer at a time over all processes, and a pool of readers."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from psycopg.rows import DictRow
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.postgresql.connections import (
    OPTIONS,
    PostgresConnection,
    address,
    configure,
    place,
    unavailable,
)
from quaestor_artifact_store.postgresql.migrating import schema_of
from quaestor_artifact_store.postgresql.writable import PostgresWritable
from quaestor_artifact_store.writer import Writer
from quaestor_shared.clock import Clock
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.context import correlation_id, principal
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["PostgresDatabase"]

T = TypeVar("T")
_log = get_logger(__name__)
_SNAPSHOT = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresDatabase:
    """A Database on a server. Opens and migrates it when made; `close` ends its threads."""

    def __init__(self, url: str, clock: Clock, *, readers: int = 4, patience_s: float = 10) -> None:
        """Open the database; a reader waits `patience_s` for a connection.

        Raises Unavailable when it cannot be opened.
        """
        conninfo = address(url)
        self._writer = Writer(_opened(conninfo))
        self._clock = clock
        self._most = readers
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._pool = ConnectionPool(
            conninfo,
            connection_class=psycopg.Connection[DictRow],
            kwargs=OPTIONS,
            configure=configure,
            min_size=1,
            max_size=readers,
            timeout=patience_s,
            open=True,
        )

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._query, query)

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
        self._pool.close()
        self._writer.close()

    def _query(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._snapshot() as connection:
                return query(connection)
        except (psycopg.Error, PoolTimeout, PoolClosed) as error:
            _log.error("read failed", exc_info=error)
            raise unavailable(error) from error

    @contextmanager
    def _snapshot(self) -> Iterator[PostgresConnection]:
        """Give a connection in a transaction that sees the database as it is now."""
        raw = self._begun()
        try:
            yield PostgresConnection(raw)
        finally:
            if not raw.broken:
                raw.execute(b"ROLLBACK")
            self._pool.putconn(raw)

    def _begun(self) -> "psycopg.Connection[DictRow]":
        """Begin on a connection of the pool; those that ended while idle are passed over."""
        ended = 0
        while True:
            raw = self._pool.getconn()
            try:
                raw.execute(_SNAPSHOT)
            except psycopg.OperationalError:
                ended += raw.broken
                goes_on = raw.broken and ended <= self._most
                self._pool.putconn(raw)
                if not goes_on:
                    raise
            else:
                return raw


def _opened(conninfo: str) -> PostgresWritable:
    """Connect and migrate; an error says which database it is about."""
    writable = PostgresWritable(conninfo)
    try:
        _check(writable.connection)
        schema_of(writable.connection).up()
    except psycopg.Error as error:
        writable.close()
        reason = " ".join(str(error).split())
        raise Unavailable(f"The database {place(conninfo)} cannot be opened: {reason}.") from error
    except BaseException:
        writable.close()
        raise
    return writable


def _check(connection: PostgresConnection) -> None:
    """Refuse a database that cannot keep every text; tell of a server that loses what it has."""
    if connection.raw.info.parameter_status("server_encoding") != "UTF8":
        raise Unavailable("The database must have the encoding UTF8.")
    row = connection.execute("SELECT current_setting('fsync') AS fsync").fetchone()
    if row is not None and row["fsync"] != "on":
        _log.warning("the server runs with fsync off: a power cut loses what was acknowledged")
