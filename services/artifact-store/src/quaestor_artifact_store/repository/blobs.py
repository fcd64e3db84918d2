"""Contents: a row for each that was acknowledged. Its bytes are in the blob store, before it."""

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.rows import BlobRow
from quaestor_shared.errors import Conflict, Unavailable

__all__ = ["ContentRemoved", "digests", "find", "keep", "name", "sized"]

FIND = "SELECT size, media_type FROM blobs WHERE digest = ? AND deleted_at IS NULL"
DIGESTS = "SELECT digest FROM blobs WHERE digest > ? AND deleted_at IS NULL ORDER BY digest LIMIT ?"
SIZED = (
    "SELECT digest, size FROM blobs WHERE digest > ? AND deleted_at IS NULL ORDER BY digest LIMIT ?"
)
ANY = "SELECT deleted_at FROM blobs WHERE digest = ?"
_INSERT = "INSERT INTO blobs VALUES (?, ?, ?, ?, ?, NULL)"
_TOUCH = "UPDATE blobs SET updated_at = ? WHERE digest = ?"


class ContentRemoved(Unavailable):
    """A content is being removed, or just was; it has to be put again before it is named."""

    def __init__(self, digest: str) -> None:
        super().__init__("The content was being removed in this moment; send it again.")
        self.digest = digest


def find(connection: Connection, digest: str) -> BlobRow | None:
    """Give what is known of a content, or None."""
    row = connection.execute(FIND, (digest,)).fetchone()
    return None if row is None else BlobRow(**dict(row))


def digests(connection: Connection, after: str, limit: int) -> list[str]:
    """List up to `limit` digests behind one, in their order."""
    return [row["digest"] for row in connection.execute(DIGESTS, (after, limit))]


def sized(connection: Connection, after: str, limit: int) -> list[tuple[str, int]]:
    """List up to `limit` digests behind one, in their order, with the contents' sizes."""
    rows = connection.execute(SIZED, (after, limit))
    return [(row["digest"], row["size"]) for row in rows]


def keep(tx: Transaction, digest: str, size: int, media_type: str) -> bool:
    """Write the row of a content that was put, and say whether it is new.

    Raises ContentRemoved.
    """
    if _has_row(tx, digest):
        tx.execute(_TOUCH, (tx.now, digest))
        return False
    tx.execute(_INSERT, (digest, size, media_type, tx.now, tx.now))
    data: dict[str, str | int | None] = {"size": size, "media_type": media_type}
    record(tx, "blob.created", feature=None, subject=digest, data=data)
    return True


def name(tx: Transaction, digest: str, size: int, media_type: str, *, uploaded: bool) -> None:
    """Make sure that a version's content has its row.

    Raises Conflict when it was `uploaded` before, and has been removed since; ContentRemoved when
    it was put just now.
    """
    if uploaded and find(tx, digest) is None:
        raise Conflict("The content with this digest was removed meanwhile; upload it again.")
    if not _has_row(tx, digest):
        tx.execute(_INSERT, (digest, size, media_type, tx.now, tx.now))


def _has_row(tx: Transaction, digest: str) -> bool:
    row = tx.execute(ANY, (digest,)).fetchone()
    if row is not None and row["deleted_at"] is not None:
        raise ContentRemoved(digest)
    return row is not None
