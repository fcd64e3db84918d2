"""Lists of an artifact's versions, along their numbers."""

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.domain.listing import VersionFilter
from quaestor_artifact_store.repository import visible
from quaestor_artifact_store.repository.clauses import Clause, joined, narrowing
from quaestor_artifact_store.repository.versions import APPROVALS, COLUMNS, FROM, view
from quaestor_shared.contracts.versions import VersionState, VersionView

__all__ = ["count", "counting", "listing", "walking"]

_HIGHEST = 2**62  # no artifact comes so far, and no database takes an integer above 2**63
_STATES = {
    None: "1 = 1",
    VersionState.GENERATED: f"NOT EXISTS (SELECT 1 {APPROVALS})",
    VersionState.APPROVED: f"EXISTS (SELECT 1 {APPROVALS})",
}


def listing(
    connection: Connection,
    artifact_id: str,
    asked: VersionFilter,
    *,
    after: int | None,
    limit: int,
    deleted: bool = False,
) -> list[VersionView]:
    """List an artifact's versions; those of a deleted one only where `deleted` asks for them.

    Raises NotFound, or Gone for a purged artifact.
    """
    (visible.any_artifact if deleted else visible.artifact)(connection, artifact_id)
    found = connection.execute(*walking(artifact_id, asked, after, limit))
    return [view(row) for row in found.fetchall()]


def count(connection: Connection, artifact_id: str, asked: VersionFilter) -> int:
    """Count the versions that a list has on all its pages."""
    row = connection.execute(*counting(artifact_id, asked)).fetchone()
    return 0 if row is None else int(row["total"])


def walking(artifact_id: str, asked: VersionFilter, after: int | None, limit: int) -> Clause:
    """Give the statement that walks the numbers after one, and its parameters."""
    bound, start, order = (
        ("v.number < ?", _HIGHEST, "DESC") if asked.sort.down else ("v.number > ?", 0, "ASC")
    )
    where, parameters = joined(
        [
            ("v.artifact_id = ?", (artifact_id,)),
            (bound, (start if after is None else after,)),
            *_conditions(asked),
        ]
    )
    text = f"SELECT {COLUMNS} {FROM} WHERE {where} ORDER BY v.number {order} LIMIT ?"
    return text, (*parameters, limit)


def counting(artifact_id: str, asked: VersionFilter) -> Clause:
    """Give the statement that counts a list, and its parameters."""
    where, parameters = joined([("v.artifact_id = ?", (artifact_id,)), *_conditions(asked)])
    return f"SELECT count(*) AS total {FROM} WHERE {where}", parameters


def _conditions(asked: VersionFilter) -> list[Clause]:
    return [
        (_STATES[asked.state], ()),
        *narrowing(
            ("v.label", "starts", asked.label_prefix),
            ("v.author", "is", asked.author),
            ("v.created_at", "from", asked.since),
            ("v.created_at", "before", asked.until),
        ),
    ]
