"""Checkpoints: the latest versions of a feature's artifacts at a moment."""

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.repository import features, visible
from quaestor_artifact_store.repository.changes import record
from quaestor_shared.contracts.checkpoints import CheckpointItem, CheckpointView, CreateCheckpoint
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import Conflict, NotFound
from quaestor_shared.ids import new_id

__all__ = ["create", "delete", "find", "items", "listing", "live_feature", "read", "remove_all"]

_COLUMNS = (
    "c.id, f.slug AS feature_id, c.name, c.note, c.author, c.created_at,"
    " (SELECT count(*) FROM checkpoint_items i WHERE i.checkpoint_id = c.id) AS artifacts"
    " FROM checkpoints c JOIN features f ON f.id = c.feature_id"
)
BY_NAME = f"SELECT {_COLUMNS} WHERE c.feature_id = ? AND c.name = ? AND c.deleted_at IS NULL"
LIST = (
    f"SELECT {_COLUMNS} WHERE c.feature_id = ? AND c.id < ? AND c.deleted_at IS NULL"
    " ORDER BY c.id DESC LIMIT ?"
)
ITEMS = (
    "SELECT i.artifact_id, a.path, i.number, v.digest FROM checkpoint_items i"
    " JOIN artifacts a ON a.id = i.artifact_id"
    " LEFT JOIN versions v ON v.artifact_id = i.artifact_id AND v.number = i.number"
    " WHERE i.checkpoint_id = ? ORDER BY i.artifact_id"
)
_INSERT = (
    "INSERT INTO checkpoints (id, feature_id, name, note, author, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_FILL = (
    "INSERT INTO checkpoint_items (checkpoint_id, artifact_id, number)"
    " SELECT ?, id, latest FROM artifacts WHERE feature_id = ? AND deleted_at IS NULL"
)
OF_FEATURE = "SELECT id FROM checkpoints WHERE feature_id = ?"
_LAST = "~"  # sorts after every id


def create(tx: Transaction, slug: str, request: CreateCheckpoint) -> CheckpointView:
    """Remember the latest version of each live artifact. Raises NotFound, Gone, Conflict."""
    feature = live_feature(tx, slug)
    if tx.execute(BY_NAME, (feature, request.name)).fetchone() is not None:
        message = "there is a checkpoint of this name"
        raise Conflict(
            f"{slug} has a checkpoint {request.name} already.",
            details=[ErrorDetail(field="/name", message=message)],
        )
    key = new_id()
    row = (key, feature, request.name, request.note, tx.actor, tx.now, tx.now)
    tx.execute(_INSERT, row)
    tx.execute(_FILL, (key, feature))
    made = read(tx, slug, request.name)
    data: dict[str, str | int | None] = {"name": request.name, "artifacts": made.artifacts}
    record(tx, "checkpoint.created", feature=feature, subject=key, data=data)
    return made


def read(connection: Connection, slug: str, name: str) -> CheckpointView:
    """Read a checkpoint with its items. Raises NotFound, Gone."""
    row = find(connection, slug, name)
    return _view(row, items(connection, row["id"]))


def listing(
    connection: Connection, slug: str, before: str | None, limit: int
) -> list[tuple[str, CheckpointView]]:
    """List checkpoints, newest first, each with its id. Raises NotFound, Gone."""
    feature = live_feature(connection, slug)
    rows = connection.execute(LIST, (feature, before or _LAST, limit)).fetchall()
    return [(row["id"], _view(row, None)) for row in rows]


def delete(tx: Transaction, slug: str, name: str) -> CheckpointView:
    """Forget a checkpoint; what it remembers stays. Raises NotFound, Gone."""
    row = find(tx, slug, name)
    tx.execute(
        "UPDATE checkpoints SET deleted_at = ?, updated_at = ? WHERE id = ?",
        (tx.now, tx.now, row["id"]),
    )
    feature = live_feature(tx, slug)
    record(tx, "checkpoint.deleted", feature=feature, subject=row["id"], data={"name": name})
    return _view(row, None)


def find(connection: Connection, slug: str, name: str) -> Row:
    """Find a live checkpoint's row by its name. Raises NotFound, Gone."""
    feature = live_feature(connection, slug)
    row = connection.execute(BY_NAME, (feature, name)).fetchone()
    if row is None:
        raise NotFound(f"There is no checkpoint of this name in {slug}.")
    return row


def items(connection: Connection, checkpoint_id: str) -> list[CheckpointItem]:
    """List what a checkpoint remembers."""
    rows = connection.execute(ITEMS, (checkpoint_id,)).fetchall()
    return [CheckpointItem(**dict(row)) for row in rows]


def live_feature(connection: Connection, slug: str) -> str:
    """Give the key of a live feature's row. Raises NotFound, Gone."""
    row = features.any_feature(connection, slug)
    visible.check_feature(slug, row["deleted_at"])
    return str(row["id"])


def _view(row: Row, found: list[CheckpointItem] | None) -> CheckpointView:
    names = ("feature_id", "name", "note", "author", "created_at", "artifacts")
    given = {name: row[name] for name in names}
    return CheckpointView(**given, items=None if found is None else tuple(found))


def remove_all(tx: Transaction, feature: str) -> int:
    """Remove every checkpoint of a feature for good, deleted or not, and count them."""
    ids = [(row["id"],) for row in tx.execute(OF_FEATURE, (feature,)).fetchall()]
    tx.executemany("DELETE FROM checkpoint_items WHERE checkpoint_id = ?", ids)
    tx.executemany("DELETE FROM checkpoints WHERE id = ?", ids)
    return len(ids)
