"""The schema of a SQLite file."""

from collections.abc import Iterator
from contextlib import contextmanager

from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.migrations.schema import Schema
from quaestor_artifact_store.sqlite.connections import SqliteConnection

__all__ = ["schema_of"]


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

    return Schema(connection, STEPS, say=str, alone=alone)
