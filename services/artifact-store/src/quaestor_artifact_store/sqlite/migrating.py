"""Takes the steps of the schema on SQLite, through sqlite-utils' migrations."""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.migrations.step import Step

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["migrate"]


def migrate(connection: sqlite3.Connection) -> bool:
    """Take the steps that are missing, and say whether there were any.

    Each step is recorded with what it did. Safe when several processes start at once: the write
    lock is taken before looking. A database that says by its `user_version` that it is up to date
    is believed, because sqlite-utils takes a tenth of a second to import.
    """
    if _version(connection) >= len(STEPS):
        return False
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    steps = Migrations("artifact-store")
    for step in STEPS:
        steps(name=step.name)(_taking(step))
    connection.execute("BEGIN IMMEDIATE")
    try:
        database = Database(connection)
        pending = bool(steps.pending(database))
        steps.apply(database)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return pending


def _taking(step: Step) -> "Callable[[Database], None]":
    def take(database: "Database") -> None:
        for statement in (*step.up, *step.sqlite_up):
            database.execute(statement)

    return take


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
