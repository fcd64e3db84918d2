"""The schema of a PostgreSQL database."""

from collections.abc import Iterator
from contextlib import contextmanager

from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.migrations.schema import Schema
from quaestor_artifact_store.postgresql.connections import PostgresConnection
from quaestor_artifact_store.postgresql.sql import schema_sql
from quaestor_artifact_store.postgresql.writable import WRITER

__all__ = ["schema_of"]


def schema_of(connection: PostgresConnection) -> Schema:
    """Give the schema of the database that a connection is open to."""

    @contextmanager
    def alone() -> Iterator[None]:
        with connection.raw.transaction():
            connection.execute(f"SELECT pg_advisory_xact_lock({WRITER})")
            yield

    return Schema(connection, STEPS, say=schema_sql, alone=alone)
