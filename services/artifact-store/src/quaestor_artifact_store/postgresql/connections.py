"""How the server is reached, for the writer and for readers, and what its errors mean."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from quaestor_artifact_store.database import Late, Value
from quaestor_artifact_store.postgresql.sql import translated
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import Unavailable

__all__ = [
    "PostgresConnection",
    "address",
    "connect",
    "place",
    "unavailable",
]

# A server that is cut off is noticed in seconds; what the address says itself counts more.
_DEFAULTS = {
    "application_name": "quaestor-artifact-store",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}


class PostgresConnection:
    """A Connection of the port; its rows are read by column name."""

    dialect = "postgresql"

    def __init__(self, raw: "psycopg.Connection[DictRow]") -> None:
        self.raw = raw
        self.late: set[Late] = set()

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> "psycopg.Cursor[Any]":
        """Run one statement."""
        return self.raw.execute(translated(sql).encode(), parameters)

    def executemany(self, sql: str, parameters: Sequence[Sequence[Value]], /) -> None:
        """Run one statement with each of many parameters."""
        with self.raw.cursor() as cursor:
            cursor.executemany(translated(sql).encode(), parameters)


class _NumberLoader(Loader):
    """Reads `numeric`, which sums and averages are, as the number that SQLite gives."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


def address(url: str) -> str:
    """Give the connection string for an address. Raises Unavailable; its text is not repeated."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        given = None
    if given is None:  # outside of the handler: libpq's message has the address, password and all
        raise Unavailable("The address of the database cannot be read: postgresql://host/name.")
    return make_conninfo("", **{**_DEFAULTS, **given})


def place(conninfo: str) -> str:
    """Say where a database is, without the password."""
    known: dict[str, Any] = {**conninfo_to_dict(conninfo)}
    host, port = known.get("host", "the local server"), known.get("port", "5432")
    return f"{known.get('dbname', 'the default database')} on {host}, port {port}"


def connect(conninfo: str) -> PostgresConnection:
    """Open a connection on which transactions are begun by hand. Raises psycopg.Error."""
    raw = psycopg.Connection[DictRow].connect(
        conninfo, autocommit=True, cursor_factory=psycopg.RawCursor, row_factory=dict_row
    )
    # Values are of the types that the columns have: text, 64-bit integers, plain numbers.
    raw.adapters.register_dumper(str, StrDumper)
    raw.adapters.register_dumper(int, Int8Dumper)
    raw.adapters.register_loader("numeric", _NumberLoader)
    return PostgresConnection(raw)


def unavailable(error: Exception, *, doubtful: bool = False) -> Unavailable:
    """Give the error that a failure of the database becomes; nothing was acknowledged.

    It is `doubtful` whether a commit that was not answered was carried out.
    """
    if getattr(error, "sqlstate", None) == "53100":
        return Unavailable(
            "The disk is full; nothing was stored.", code=ErrorCode.STORAGE_FULL, status=507
        )
    if doubtful:
        return Unavailable("The database did not confirm the write; look whether it was stored.")
    return Unavailable("The database does not answer; nothing was stored. Try again.")
