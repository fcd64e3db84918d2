"""PostgreSQL: one writer at a time over all processes, readers on threads of their own."""

import threading
from collections.abc import Callable
from typing import TypeVar

import psycopg

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.postgresql.connections import (
    PostgresConnection,
    address,
    place,
    unavailable,
)
from quaestor_artifact_store.postgresql.lasting import LastingConnection
from quaestor_artifact_store.postgresql.migrating import schema_of
from quaestor_artifact_store.postgresql.writable import PostgresWritable
from quaestor_artifact_store.threaded import ThreadedDatabase
from quaestor_artifact_store.writer import Writer
from quaestor_shared.clock import Clock
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["PostgresDatabase"]

T = TypeVar("T")
_log = get_logger(__name__)
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresDatabase(ThreadedDatabase):
    """A Database on a server. Opens and migrates it when made; `close` ends its threads."""

    def __init__(self, url: str, clock: Clock, *, readers: int = 4) -> None:
        """Open the database. Raises Unavailable when it cannot be opened."""
        conninfo = address(url)
        super().__init__(Writer(_opened(conninfo)), clock, readers=readers)
        self._conninfo = conninfo
        self._local = threading.local()
        self._opened: list[LastingConnection] = []

    @property
    def alone(self) -> bool:
        """Whether no other process writes to it: any number may."""
        return False

    def close_readers(self) -> None:
        """Close the connections of the readers."""
        for lasting in self._opened:
            lasting.close()

    def query(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot."""
        lasting = self._of_this_thread()
        try:
            connection = lasting.begin()
            try:
                return query(connection)
            finally:
                lasting.roll_back()
        except psycopg.Error as error:
            _log.error("read failed", exc_info=error)
            raise unavailable(error) from error

    def _of_this_thread(self) -> LastingConnection:
        lasting: LastingConnection | None = getattr(self._local, "lasting", None)
        if lasting is None:
            lasting = self._local.lasting = LastingConnection(self._conninfo, _SNAPSHOT)
            self._opened.append(lasting)
        return lasting


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
