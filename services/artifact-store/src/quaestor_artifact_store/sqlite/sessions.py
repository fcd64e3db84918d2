"""A SQLite file, opened by who is not the service: to look, or alone to change it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quaestor_artifact_store.sqlite.connections import SqliteConnection, open_reader, open_writer
from quaestor_artifact_store.sqlite.lock import FolderLock
from quaestor_shared.errors import NotFound, Unavailable

__all__ = ["alone", "looking", "snapshot"]


@contextmanager
def looking(file: Path) -> Iterator[SqliteConnection]:
    """Read on one snapshot, while a service may go on writing.

    Raises NotFound where there is no database, Unavailable for one that cannot be read.
    """
    if not file.exists():
        raise NotFound(f"There is no database at {file}.")
    with _told(file):
        connection = open_reader(file)
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()


def snapshot(file: Path, target: Path) -> None:
    """Write the database, as it is now, into a new file, while a service may go on writing.

    Raises NotFound where there is no database, Unavailable.
    """
    if not file.exists():
        raise NotFound(f"There is no database at {file}.")
    with _told(file):
        connection = open_reader(file)
        try:
            connection.execute("PRAGMA query_only = OFF")  # it may write that other file
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()


@contextmanager
def alone(file: Path, *, patience_s: float = 0.5) -> Iterator[SqliteConnection]:
    """Have the database for oneself; it is made where there is none.

    Raises Unavailable while a service, or another command, uses it.
    """
    lock = FolderLock(file.with_suffix(".lock"), patience_s=patience_s)
    try:
        with _told(file):
            connection = open_writer(file)
            try:
                yield connection
            finally:
                connection.close()
    finally:
        lock.release()


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(f"{file}: {error}.") from error
