"""Contents that nothing names any more: marked first, removed later, then forgotten.

A mark is the `deleted_at` of a content's row. From then on nobody reads the content, and who wants
to name it is refused and puts it again (ContentRemoved): whether what was put before the mark is
still there would be a guess. So a content is removed by whoever finds the mark, as the only writer,
and nothing that was acknowledged is lost, however the two run into each other.
"""

from collections.abc import Sequence
from typing import NamedTuple

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.repository.changes import record

__all__ = [
    "Found",
    "Unnamed",
    "forget",
    "forget_removed",
    "look",
    "mark",
    "marked_before",
    "removed",
]

ROW = "SELECT updated_at, deleted_at FROM blobs WHERE digest = ?"
OF_VERSION = "SELECT 1 FROM versions WHERE digest = ? LIMIT 1"
OF_APPROVAL = "SELECT 1 FROM approvals WHERE digest = ? LIMIT 1"
# Removed, for the time of the removal is behind that of the mark.
REMOVED = (
    "SELECT digest FROM blobs WHERE digest > '' AND deleted_at IS NOT NULL"
    " AND updated_at > deleted_at AND updated_at < ? ORDER BY digest LIMIT ?"
)
_MARK = (
    "INSERT INTO blobs VALUES (?, ?, 'application/octet-stream', ?, ?, ?) ON CONFLICT (digest)"
    " DO UPDATE SET updated_at = excluded.updated_at, deleted_at = excluded.deleted_at"
)


class Found(NamedTuple):
    """What rows say of a content: whether any names it, its row's last change, and its mark."""

    named: bool
    changed_at: str | None = None
    marked_at: str | None = None


class Unnamed(NamedTuple):
    """A content in the store of contents, and the bytes that it takes there."""

    digest: str
    size: int


def look(connection: Connection, digest: str) -> Found:
    """Say what rows say of a content."""
    row = connection.execute(ROW, (digest,)).fetchone()
    if row is None:
        return Found(named=False)
    named = any(
        connection.execute(query, (digest,)).fetchone() for query in (OF_VERSION, OF_APPROVAL)
    )
    return Found(named, row["updated_at"], row["deleted_at"])


def mark(tx: Transaction, contents: Sequence[Unnamed], before: str) -> int:
    """Mark those of the contents that nothing names, nor has since `before`; say how many."""
    count = 0
    for digest, size in contents:
        found = look(tx, digest)
        young = found.changed_at is not None and found.changed_at >= before
        if found.named or found.marked_at is not None or young:
            continue
        tx.execute(_MARK, (digest, size, tx.now, tx.now, tx.now))
        record(tx, "blob.removed", feature=None, subject=digest, data={"size": size})
        count += 1
    return count


def marked_before(connection: Connection, digest: str, before: str) -> bool:
    """Say whether a content was marked by then, and still is."""
    marked_at = look(connection, digest).marked_at
    return marked_at is not None and marked_at < before


def removed(tx: Transaction, digest: str) -> None:
    """Write that a marked content is gone."""
    tx.execute("UPDATE blobs SET updated_at = ? WHERE digest = ?", (tx.now, digest))


def forget(tx: Transaction, digest: str) -> None:
    """Take a mark back: who is about to put the content again sees to it that it is there."""
    tx.execute("DELETE FROM blobs WHERE digest = ? AND deleted_at IS NOT NULL", (digest,))


def forget_removed(tx: Transaction, before: str, limit: int) -> int:
    """Take back marks of contents that were removed before then, and say how many."""
    found = tx.execute(REMOVED, (before, limit)).fetchall()
    for row in found:
        forget(tx, row["digest"])
    return len(found)
