"""How the database file is opened, for the writer and for readers."""

import sqlite3
from pathlib import Path
from typing import Any

from quaestor_artifact_store.database import Late
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import Unavailable

__all__ = ["SqliteConnection", "open_reader", "open_writer", "unavailable"]


_WRITER = (
    "busy_timeout=10000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # Savepoints keep old pages; without this each group would write them to a file of its own.
    "temp_store=MEMORY",
    "cache_size=-65536",  # KiB: inner pages of every index stay at hand
    # Pages: the log is folded into the file each 32 MiB, which every write behind it waits for.
    "wal_autocheckpoint=8192",
)


class SqliteConnection(sqlite3.Connection):
    """A Connection of the port; its rows are read by column name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - sqlite3.connect's
        super().__init__(*args, **kwargs)
        self.late: set[Late] = set()

    @property
    def dialect(self) -> str:
        """Say which SQL this is."""
        return "sqlite"


def open_writer(file: Path) -> SqliteConnection:
    """Open the database to write: WAL, and every commit is on disk before it is acknowledged.

    `synchronous=NORMAL` would lose acknowledged commits when the power fails.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        file, isolation_level=None, check_same_thread=False, factory=SqliteConnection
    )
    try:
        for pragma in _WRITER:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def open_reader(file: Path) -> SqliteConnection:
    """Open the database to read alone; a reader never writes nor checkpoints."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        factory=SqliteConnection,
    )
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA query_only=ON")
    connection.row_factory = sqlite3.Row
    return connection


def unavailable(error: Exception) -> Unavailable:
    """Give the error that a failure of the database becomes; nothing was acknowledged."""
    # What the driver itself raises carries no code of SQLite's.
    if getattr(error, "sqlite_errorname", None) == "SQLITE_FULL":
        return Unavailable(
            "The disk is full; nothing was stored.", code=ErrorCode.STORAGE_FULL, status=507
        )
    return Unavailable("The database does not answer; nothing was stored. Try again.")
