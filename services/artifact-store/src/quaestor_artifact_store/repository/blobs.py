"""Contents: a row for each that was acknowledged. Its bytes are in the blob store, before it."""

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.rows import BlobRow
from quaestor_shared.errors import Conflict

__all__ = ["digests", "find", "keep", "name"]

FIND = "SELECT size, media_type FROM blobs WHERE digest = ? AND deleted_at IS NULL"
DIGESTS = "SELECT digest FROM blobs WHERE digest > ? AND deleted_at IS NULL ORDER BY digest LIMIT ?"
# A row that was taken away comes back with the content.
_INSERT = (
    "INSERT INTO blobs VALUES (?, ?, ?, ?, ?, NULL)"
    " ON CONFLICT (digest) DO UPDATE SET updated_at = excluded.updated_at, deleted_at = NULL"
)


def find(connection: Connection, digest: str) -> BlobRow | None:
    """Give what is known of a content, or None."""
    row = connection.execute(FIND, (digest,)).fetchone()
    return None if row is None else BlobRow(**dict(row))


def digests(connection: Connection, after: str, limit: int) -> list[str]:
    """List up to `limit` digests behind one, in their order."""
    return [row["digest"] for row in connection.execute(DIGESTS, (after, limit))]


def keep(tx: Transaction, digest: str, size: int, media_type: str) -> bool:
    """Write the row of a content that was put, and say whether it is new."""
    known = find(tx, digest) is not None
    tx.execute(_INSERT, (digest, size, media_type, tx.now, tx.now))
    if not known:
        data: dict[str, str | int | None] = {"size": size, "media_type": media_type}
        record(tx, "blob.created", feature=None, subject=digest, data=data)
    return not known


def name(tx: Transaction, digest: str, size: int, media_type: str, *, uploaded: bool) -> None:
    """Make sure that a version's content has its row.

    Raises Conflict when it was `uploaded` before, and has been removed since.
    """
    if find(tx, digest) is not None:
        return
    if uploaded:
        raise Conflict("The content with this digest was removed meanwhile; upload it again.")
    tx.execute(_INSERT, (digest, size, media_type, tx.now, tx.now))
