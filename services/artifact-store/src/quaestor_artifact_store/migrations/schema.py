"""Takes the steps of the schema, up and down, on any database."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from quaestor_artifact_store.migrations.step import Step
from quaestor_shared.errors import Unavailable

__all__ = ["Ledger", "Schema"]


class Ledger(Protocol):
    """Carries steps out on one kind of database, and keeps the record of them there."""

    def taken(self) -> dict[str, str]:
        """Give the steps that were taken, in order, each with its time (RFC 3339)."""

    def take(self, steps: Sequence[Step]) -> None:
        """Take steps and record them, in the transaction that is open."""

    def take_back(self, step: Step) -> None:
        """Take a step back and strike it out, in the transaction that is open."""


class Schema:
    """The schema of a database: which steps it has, and how it gets others.

    `alone` begins and ends a transaction in which nobody else writes: so of several processes
    that start at once one takes a step, and the others find it.
    """

    def __init__(
        self,
        ledger: Ledger,
        steps: Sequence[Step],
        *,
        alone: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._ledger = ledger
        self._steps = steps
        self._alone = alone

    def taken(self) -> dict[str, str]:
        """Give the steps that were taken, in order, each with its time."""
        return self._ledger.taken()

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
            pending = self.pending()
            self._ledger.take(pending)
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
                self._ledger.take_back(known[name])
        return back
