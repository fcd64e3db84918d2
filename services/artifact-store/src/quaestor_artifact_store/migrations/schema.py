"""Takes the steps of the schema, up and down, on any database, and keeps a record of them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.migrations.step import Step
from quaestor_shared.clock import utc_now
from quaestor_shared.errors import Unavailable

__all__ = ["Schema"]

_RECORD = "CREATE TABLE schema_steps (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
_RECORDED = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_steps'",
    "postgresql": "SELECT 1 FROM pg_class WHERE oid = to_regclass('schema_steps')",
}


class Schema:
    """The schema of a database: which steps it has, and how it gets others.

    `say` translates a statement, `alone` begins and ends a transaction in which nobody else
    writes: so of several processes that start at once one takes a step, and the others find it.
    """

    def __init__(
        self,
        connection: Connection,
        steps: Sequence[Step],
        *,
        say: Callable[[str], str],
        alone: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._steps = steps
        self._say = say
        self._alone = alone

    def taken(self) -> dict[str, str]:
        """Give the steps that were taken, in order, each with its time."""
        if not self._recorded():
            return {}
        rows = self._connection.execute("SELECT name, applied_at FROM schema_steps ORDER BY name")
        return {row["name"]: row["applied_at"] for row in rows}

    def missing(self) -> list[Step]:
        """Give the steps that this version knows and the database has not."""
        taken = self.taken()
        return [step for step in self._steps if step.name not in taken]

    def pending(self) -> list[Step]:
        """Give the steps that are to be taken.

        Raises Unavailable for a database that has steps which this version does not know.
        """
        unknown = sorted(self.taken().keys() - {step.name for step in self._steps})
        if unknown:
            raise Unavailable(
                f"The database has a newer schema than this version knows: {', '.join(unknown)}."
                " Run the version that made it, or take those steps back with that one"
                " (quaestor store migrate down)."
            )
        return self.missing()

    def up(self) -> list[str]:
        """Take the steps that are missing, all or none, and give their names.

        Raises Unavailable, as `pending` does.
        """
        if not self.pending():
            return []
        with self._alone():
            if not self._recorded():
                self._connection.execute(self._say(_RECORD))
            pending = self.pending()
            for step in pending:
                self._run(*step.up, *self._own(sqlite=step.sqlite_up, other=step.postgresql_up))
                self._connection.execute(
                    "INSERT INTO schema_steps VALUES (?, ?)", (step.name, utc_now())
                )
        return [step.name for step in pending]

    def down(self, keep: int) -> list[str]:
        """Take steps back, newest first, until `keep` are left; all or none. Give their names.

        Raises Unavailable, as `pending` does.
        """
        self.pending()
        known = {step.name: step for step in self._steps}
        with self._alone():
            back = list(reversed([*self.taken()][keep:]))
            for name in back:
                step = known[name]
                own = self._own(sqlite=step.sqlite_down, other=step.postgresql_down)
                self._run(*own, *step.down)
                self._connection.execute("DELETE FROM schema_steps WHERE name = ?", (name,))
        return back

    def _recorded(self) -> bool:
        found = self._connection.execute(_RECORDED[self._connection.dialect]).fetchone()
        return found is not None

    def _own(self, *, sqlite: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
        return sqlite if self._connection.dialect == "sqlite" else other

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(self._say(statement))
