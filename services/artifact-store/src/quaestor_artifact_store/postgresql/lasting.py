"""A connection that lasts: opened when it is needed, and again when it was found broken."""

import contextlib
from collections.abc import Callable

import psycopg

from quaestor_artifact_store.postgresql.connections import PostgresConnection, connect

__all__ = ["LastingConnection"]


class LastingConnection:
    """Begins transactions on one connection at a time, for one thread at a time."""

    def __init__(
        self,
        conninfo: str,
        begin: str,
        prepare: Callable[[PostgresConnection], None] = lambda _: None,
    ) -> None:
        """Open nothing yet. `begin` begins a transaction; `prepare` is called once a connection."""
        self._conninfo = conninfo
        self._begin = begin.encode()
        self._prepare = prepare
        self._open: PostgresConnection | None = None

    @property
    def connection(self) -> PostgresConnection:
        """The connection; a new one where there is none. Raises psycopg.Error."""
        if self._open is None:
            opened = connect(self._conninfo)
            try:
                self._prepare(opened)
            except BaseException:
                opened.raw.close()
                raise
            self._open = opened
        return self._open

    def begin(self) -> PostgresConnection:
        """Begin a transaction. Raises psycopg.Error.

        A connection that ended since the last one is replaced: nothing was done on it yet.
        """
        kept = self._open
        try:
            self.connection.raw.execute(self._begin)
        except psycopg.OperationalError:
            if kept is None or not kept.raw.broken:
                raise
            self.close()
            self.connection.raw.execute(self._begin)
        return self.connection

    def roll_back(self) -> None:
        """Take a transaction back, with its connection where that no longer answers."""
        try:
            if self._open is not None:
                self._open.execute("ROLLBACK")
        except psycopg.Error:
            self.close()

    def close(self) -> None:
        """Close the connection, and end its transaction with it."""
        if self._open is not None:
            with contextlib.suppress(psycopg.Error):
                self._open.raw.close()
            self._open = None
