"""The schema of a PostgreSQL database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.migrations.schema import Schema
from quaestor_artifact_store.migrations.step import Step
from quaestor_artifact_store.postgresql.connections import PostgresConnection
from quaestor_artifact_store.postgresql.sql import schema_sql
from quaestor_artifact_store.postgresql.writable import WRITER
from quaestor_shared.clock import utc_now

__all__ = ["schema_of"]

_RECORD = (
    "CREATE TABLE IF NOT EXISTS schema_steps (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
)
_RECORDED = "SELECT 1 FROM pg_class WHERE oid = to_regclass('schema_steps')"


class _PostgresLedger:
    """Takes steps both ways, and keeps the record of them in `schema_steps`."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    def taken(self) -> dict[str, str]:
        if self._connection.execute(_RECORDED).fetchone() is None:
            return {}
        rows = self._connection.execute("SELECT name, applied_at FROM schema_steps ORDER BY name")
        return {row["name"]: row["applied_at"] for row in rows}

    def take(self, steps: Sequence[Step]) -> None:
        self._run(_RECORD)
        for step in steps:
            self._run(*step.up, *step.postgresql_up)
            recorded = (step.name, utc_now())
            self._connection.execute("INSERT INTO schema_steps VALUES (?, ?)", recorded)

    def take_back(self, step: Step) -> None:
        self._run(*step.postgresql_down, *step.down)
        self._connection.execute("DELETE FROM schema_steps WHERE name = ?", (step.name,))

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(schema_sql(statement))


def schema_of(connection: PostgresConnection) -> Schema:
    """Give the schema of the database that a connection is open to."""

    @contextmanager
    def alone() -> Iterator[None]:
        with connection.raw.transaction():
            connection.execute(f"SELECT pg_advisory_xact_lock({WRITER})")
            yield

    return Schema(_PostgresLedger(connection), STEPS, alone=alone)
