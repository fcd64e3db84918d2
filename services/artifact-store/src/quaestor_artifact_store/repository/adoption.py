"""Versions from before there was an index or an audit: which they are, and how they enter both."""

from typing import NamedTuple

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.domain.search.document import Document
from quaestor_artifact_store.repository import search
from quaestor_artifact_store.repository.changes import record

__all__ = ["Unindexed", "adopt", "waiting"]

# Their ids are in the order in which they were made, which is that of an artifact's numbers.
WAITING = (
    "SELECT v.id, v.artifact_id, v.number, v.digest, b.size, v.media_type, v.author, v.created_at,"
    " a.path, a.feature_id, f.slug FROM unindexed u CROSS JOIN versions v CROSS JOIN blobs b"
    " CROSS JOIN artifacts a CROSS JOIN features f"
    " WHERE u.version_id > '' AND v.id = u.version_id AND b.digest = v.digest"
    " AND a.id = v.artifact_id AND f.id = a.feature_id ORDER BY u.version_id LIMIT ?"
)
BEFORE = "SELECT id FROM versions WHERE artifact_id = ? AND number < ? ORDER BY number DESC LIMIT 1"
NEXT_ENTRY = (
    "SELECT d.id FROM versions v CROSS JOIN documents d"
    " WHERE v.artifact_id = ? AND v.number > ? AND d.version_id = v.id ORDER BY v.number LIMIT 1"
)
_DONE = "DELETE FROM unindexed WHERE version_id = ?"
_SUPERSEDED = "INSERT INTO superseded (document_id, by_id) VALUES (?, ?)"


class Unindexed(NamedTuple):
    """A version that waits for its entry, with the names of where it is."""

    id: str
    artifact_id: str
    number: int
    digest: str
    size: int
    media_type: str
    author: str
    created_at: str
    path: str
    feature_id: str
    slug: str


def waiting(connection: Connection, limit: int) -> list[Unindexed]:
    """List versions that wait, the oldest first."""
    return [Unindexed(**dict(row)) for row in connection.execute(WAITING, (limit,))]


def adopt(tx: Transaction, version: Unindexed, document: Document) -> None:
    """Enter a version into the index and the audit, unless that was done, or it is gone, by now."""
    if tx.execute(_DONE, (version.id,)).rowcount == 0:
        return
    position = record(
        tx,
        "version.adopted",
        feature=version.feature_id,
        subject=version.artifact_id,
        data={"path": version.path, "number": version.number, "digest": version.digest},
    )
    of_artifact = (version.artifact_id, version.number)
    before = tx.execute(BEFORE, of_artifact).fetchone()
    entry = search.Entry(
        version.id,
        version.author,
        version.created_at,
        document,
        None if before is None else before["id"],
    )
    search.index(tx, position, entry)
    # What was written since has its entry already, and is later for all that.
    later = tx.execute(NEXT_ENTRY, of_artifact).fetchone()
    if later is not None:
        tx.execute(_SUPERSEDED, (position, later["id"]))
