"""How SQL is run: the port. `sqlite.database` is its adapter, and PostgreSQL's stands beside it.

The SQL itself is in `repository`, written once, for every database: functions of a Connection that
read, and functions of a Transaction that write. So a race is decided the same way everywhere, for
there is one writer at a time, whichever database it writes to.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from quaestor_shared.errors import QuaestorError

__all__ = ["Connection", "Cursor", "Database", "Late", "Row", "Transaction", "Value"]

T = TypeVar("T")
Value = str | int | float | bytes | None
# A row by column names; positions are not used, because not every driver offers both.
Row = Mapping[str, Any]


class Cursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> Row | None:
        """Give the next row, or None."""

    def fetchall(self) -> list[Row]:
        """Give the rows that are left."""

    def __iter__(self) -> Iterator[Row]:
        """Give row after row."""


class Connection(Protocol):
    """Runs statements of the SQL that SQLite and PostgreSQL share; parameters are `?`."""

    @property
    def dialect(self) -> str:
        """Say `sqlite` or `postgresql`, for the little that they say differently."""

    @property
    def late(self) -> "set[Late]":
        """What is to be done just before the commit, once for all writes that share it.

        It is also done when the write that asked for it was taken back.
        """

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Sequence[Sequence[Value]], /) -> object:
        """Run one statement with each of many parameters."""


Late = Callable[[Connection], None]


class _Transaction(NamedTuple):
    connection: Connection
    now: str
    actor: str
    correlation_id: str | None


class Transaction(_Transaction):
    """A write in progress: a Connection, and what its rows say of when and by whom.

    `now` is the time of the write (RFC 3339), `actor` who asked for it, `correlation_id` in which
    request. Everything that one operation does is kept or lost together.
    """

    __slots__ = ()

    @property
    def dialect(self) -> str:
        """Say which database this is."""
        return self.connection.dialect

    @property
    def late(self) -> set[Late]:
        """Give what is to be done just before the commit."""
        return self.connection.late

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> Cursor:
        """Run one statement."""
        return self.connection.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Sequence[Sequence[Value]], /) -> None:
        """Run one statement with each of many parameters."""
        self.connection.executemany(sql, parameters)

    def nested(self, operation: "Callable[[Transaction], T]", *, keep: bool = True) -> T:
        """Run an operation within this one; what it did is taken back when it raises our errors.

        Without `keep` it is taken back in any case, and the result tells what would have been
        done. An error of the database passes through: it ends the whole operation.
        """
        self.execute("SAVEPOINT nested")
        try:
            result = operation(self)
        except QuaestorError:
            self.execute("ROLLBACK TO SAVEPOINT nested")
            self.execute("RELEASE SAVEPOINT nested")
            raise
        if not keep:
            self.execute("ROLLBACK TO SAVEPOINT nested")
        self.execute("RELEASE SAVEPOINT nested")
        return result


class Database(Protocol):
    """Keeps rows. Every method raises Unavailable when the database does not answer.

    Its code is STORAGE_FULL when the disk is full; then nothing was written.
    """

    @property
    def alone(self) -> bool:
        """Whether no other process writes to it while it is open."""

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one snapshot; raises what it raises. It must write nothing."""

    async def write(self, operation: Callable[[Transaction], T]) -> T:
        """Run an operation, alone; what it did is on disk when this returns.

        Raises what the operation raises, and then nothing of it was done. The operation must not
        catch errors of the database.
        """

    async def check(self) -> None:
        """Raise Unavailable when the database does not answer, to reads or to the writer."""

    def close(self) -> None:
        """Finish what is waiting, then close every connection."""
