"""The writer's connection to PostgreSQL, and what PostgreSQL means by its errors."""

import psycopg

from quaestor_artifact_store.postgresql.connections import PostgresConnection, unavailable
from quaestor_artifact_store.postgresql.lasting import LastingConnection
from quaestor_shared.errors import Unavailable

__all__ = ["IN_USE", "WRITER", "PostgresWritable"]

# Keys of advisory locks: arbitrary numbers that nobody else uses in this database.
WRITER = 7_100_000_001  # who holds it writes, alone among all processes
IN_USE = 7_100_000_002  # shared by every store that has the database open

# One round trip. The lock is taken before the first statement looks, and at READ COMMITTED each
# statement sees what was committed before it: so a writer sees all that the last one wrote.
# A server that is set to confirm before it has flushed is told to flush; a stronger setting
# stays. Who waits too long for the lock is refused; a writer that stands still is thrown out.
_BEGIN = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL lock_timeout = '20s';
SET LOCAL idle_in_transaction_session_timeout = '30s';
SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');
SELECT pg_advisory_xact_lock({WRITER});
"""


class PostgresWritable:
    """The writer's connection, replaced when it is found broken."""

    def __init__(self, conninfo: str) -> None:
        self._lasting = LastingConnection(conninfo, _BEGIN, _announce)
        self._committing = False

    @property
    def connection(self) -> PostgresConnection:
        """The connection; a new one when the last was found broken.

        Raises psycopg.Error, and Unavailable while a program has the database for itself.
        """
        return self._lasting.connection

    def begin(self) -> None:
        """Begin, and wait for the writer's lock."""
        self._committing = False
        self._lasting.begin()

    def end(self) -> None:
        """Commit; what was done is on the server's disk when this returns."""
        self._committing = True
        done = self.connection.execute("COMMIT").statusmessage
        if done != "COMMIT":  # the server says ROLLBACK to the commit of a failed transaction
            raise psycopg.InternalError(f"COMMIT was answered with {done}")

    def give_up(self) -> None:
        """End the connection, and the transaction with it, whatever state it is in."""
        self._lasting.close()

    def is_of_one(self, error: Exception) -> bool:
        """Say whether the error is none of the database, or a constraint's or a value's."""
        of_one = (psycopg.IntegrityError, psycopg.DataError)
        return not isinstance(error, psycopg.Error) or isinstance(error, of_one)

    def unavailable(self, error: Exception) -> Unavailable:
        """Tell a full disk, and a commit that may have been carried out, from the rest."""
        return unavailable(error, doubtful=self._committing and _unanswered(error))

    def close(self) -> None:
        """Close the connection."""
        self._lasting.close()


def _announce(connection: PostgresConnection) -> None:
    """Let those who want the database for themselves know that it is in use."""
    taken = connection.execute(f"SELECT pg_try_advisory_lock_shared({IN_USE}) AS taken").fetchone()
    if taken is None or not taken["taken"]:
        raise Unavailable("Another program is changing the database; try again.")


def _unanswered(error: Exception) -> bool:
    """Say whether the server was lost, rather than refused (PostgreSQL, appendix A)."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate
    return state is None or state == "40003" or state.startswith(("08", "57"))
