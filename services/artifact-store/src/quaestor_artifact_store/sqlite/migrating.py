"""The schema of a SQLite file: its steps are migrations of sqlite-utils."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.migrations.schema import Schema
from quaestor_artifact_store.migrations.step import Step
from quaestor_artifact_store.sqlite.connections import SqliteConnection
from quaestor_shared.clock import later

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["schema_of"]

_SET = "artifact-store"
# As sqlite-utils keeps them; read without it, because it takes a tenth of a second to import and
# most starts find nothing to do.
_RECORDED = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
_TAKEN = "SELECT name, applied_at FROM _sqlite_migrations WHERE migration_set = ? ORDER BY name"
_STRIKE = "DELETE FROM _sqlite_migrations WHERE migration_set = ? AND name = ?"


class _SqliteLedger:
    """Takes steps by sqlite-utils, and back by hand, for it knows no way down."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def taken(self) -> dict[str, str]:
        if self._connection.execute(_RECORDED).fetchone() is None:
            return {}
        rows = self._connection.execute(_TAKEN, (_SET,))
        return {row["name"]: later(row["applied_at"], 0) for row in rows}

    def take(self, steps: Sequence[Step]) -> None:
        from sqlite_utils import Database
        from sqlite_utils.migrations import Migrations

        migrations = Migrations(_SET)
        for step in steps:
            migrations(name=step.name)(_running(*step.up, *step.sqlite_up))
        # Recursive triggers are a setting of the connection's, and it is not only ours.
        migrations.apply(Database(self._connection, recursive_triggers=False))

    def take_back(self, step: Step) -> None:
        for statement in (*step.sqlite_down, *step.down):
            self._connection.execute(statement)
        self._connection.execute(_STRIKE, (_SET, step.name))


def schema_of(connection: SqliteConnection) -> Schema:
    """Give the schema of the database that a connection is open to."""

    @contextmanager
    def alone() -> Iterator[None]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    return Schema(_SqliteLedger(connection), STEPS, alone=alone)


def _running(*statements: str) -> "Callable[[Database], None]":
    def run(database: "Database") -> None:
        for statement in statements:
            database.execute(statement)

    return run
