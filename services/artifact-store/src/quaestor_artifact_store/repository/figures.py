"""How much there is, and how it grew. These read whole tables, for a person who asks once."""

from typing import NamedTuple

from quaestor_artifact_store.database import Connection

__all__ = ["Day", "Sizes", "counts", "database_bytes", "days", "sizes"]

_COUNTS = {
    "features": "features WHERE deleted_at IS NULL",
    "artifacts": "artifacts WHERE deleted_at IS NULL",
    "artifacts_deleted": "artifacts WHERE deleted_at IS NOT NULL",
    "versions": "versions",
    "approvals": "approvals WHERE deleted_at IS NULL",
    "journals": "journals WHERE deleted_at IS NULL",
    "events": "events",
    "changes": "changes",
    "contents": "blobs WHERE deleted_at IS NULL",
    "contents_removed": "blobs WHERE deleted_at IS NOT NULL",
    "idempotency_keys": "idempotency_keys",
}
_KEPT = "SELECT SUM(size) AS bytes FROM blobs WHERE deleted_at IS NULL"
_WRITTEN = "SELECT SUM(b.size) AS bytes FROM versions v JOIN blobs b ON b.digest = v.digest"
_DAYS = (
    "SELECT substr(v.created_at, 1, 10) AS day, COUNT(*) AS versions, SUM(b.size) AS bytes"
    " FROM versions v JOIN blobs b ON b.digest = v.digest"
    " WHERE v.created_at >= ? GROUP BY substr(v.created_at, 1, 10) ORDER BY day"
)
_BYTES = {
    "sqlite": "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database()) AS bytes",
}


class Sizes(NamedTuple):
    """Bytes of the contents that are kept, and of all versions as if none shared a content."""

    kept: int
    written: int


class Day(NamedTuple):
    """What a day added, in UTC."""

    day: str
    versions: int
    bytes: int


def counts(connection: Connection) -> dict[str, int]:
    """Count the rows of each kind."""
    return {
        name: _number(connection, f"SELECT COUNT(*) AS bytes FROM {what}")
        for name, what in _COUNTS.items()
    }


def sizes(connection: Connection) -> Sizes:
    """Sum the sizes of contents."""
    return Sizes(_number(connection, _KEPT), _number(connection, _WRITTEN))


def days(connection: Connection, since: str) -> list[Day]:
    """List the days since a time on which versions were written."""
    found = connection.execute(_DAYS, (since,))
    return [Day(row["day"], row["versions"], row["bytes"]) for row in found]


def database_bytes(connection: Connection) -> int:
    """Give the bytes that the database takes."""
    return _number(connection, _BYTES[connection.dialect])


def _number(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return 0 if row is None else int(row["bytes"] or 0)
