"""SQLite, in one file: one writer thread, and readers on threads of their own."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.sqlite.connections import (
    SqliteConnection,
    open_reader,
    open_writer,
    unavailable,
)
from quaestor_artifact_store.sqlite.lock import FolderLock
from quaestor_artifact_store.sqlite.migrating import schema_of
from quaestor_artifact_store.threaded import ThreadedDatabase
from quaestor_artifact_store.writer import Writer
from quaestor_shared.clock import Clock
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["SqliteDatabase", "SqliteWritable"]

T = TypeVar("T")
_log = get_logger(__name__)


class SqliteWritable:
    """The writer's connection, and what SQLite means by its errors."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection

    @property
    def connection(self) -> SqliteConnection:
        """The one connection there is."""
        return self._connection

    def begin(self) -> None:
        """Take the write lock."""
        self._connection.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        """Commit, and sync."""
        self._connection.execute("COMMIT")

    def give_up(self) -> None:
        """Roll back what SQLite has not rolled back itself."""
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def is_of_one(self, error: Exception) -> bool:
        """Say whether the error is none of the database, or a constraint's."""
        of_one = (sqlite3.IntegrityError, sqlite3.DataError)
        return not isinstance(error, sqlite3.Error) or isinstance(error, of_one)

    def unavailable(self, error: Exception) -> Unavailable:
        """Tell a full disk from the rest."""
        return unavailable(error)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class SqliteDatabase(ThreadedDatabase):
    """A Database in one file. Opens and migrates it when made; `close` ends its threads."""

    def __init__(
        self, file: Path, clock: Clock, *, readers: int = 4, patience_s: float = 10.0
    ) -> None:
        """Open the database.

        Raises Unavailable when it cannot be opened, or another process has it for `patience_s`.
        """
        self._lock = FolderLock(file.with_suffix(".lock"), patience_s=patience_s)
        try:
            connection = _open(file)
        except BaseException:
            self._lock.release()
            raise
        super().__init__(Writer(SqliteWritable(connection)), clock, readers=readers)
        self._file = file
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    @property
    def alone(self) -> bool:
        """Whether no other process writes to it: the lock of the folder sees to that."""
        return True

    def close(self) -> None:
        """Finish what is waiting, close every connection, and let others have the file."""
        super().close()
        self._lock.release()

    def close_readers(self) -> None:
        """Close the connections of the readers."""
        for connection in self._opened:
            connection.close()

    def query(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot."""
        connection: SqliteConnection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                connection = self._local.connection = open_reader(self._file)
                self._opened.append(connection)
            # One snapshot for all of a query's statements.
            connection.execute("BEGIN")
            try:
                return query(connection)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            _log.error("read failed", exc_info=error)
            raise unavailable(error) from error


def _open(file: Path) -> SqliteConnection:
    """Open and migrate the database; an error says which file it is about."""
    try:
        connection = open_writer(file)
        try:
            schema_of(connection).up()
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise Unavailable(f"{file} cannot be opened: {error}.") from error
    return connection
