"""The end of a feature, and its way back: delete, restore, purge.

A deleted feature hides its artifacts and journals and leaves their own marks alone, so that a
restored one shows exactly what it showed before.
"""

from quaestor_artifact_store.database import Row, Transaction
from quaestor_artifact_store.domain.lifecycle import not_deleted
from quaestor_artifact_store.repository import checkpoints, features, journals, visible
from quaestor_artifact_store.repository.artifact_lifecycle import remove
from quaestor_artifact_store.repository.changes import record
from quaestor_shared.contracts.features import FeaturePurge, FeatureView

__all__ = ["delete", "purge", "restore"]

_MARK = "UPDATE features SET deleted_at = ?, updated_at = ? WHERE id = ?"
DELETED = (
    "SELECT id FROM artifacts WHERE feature_id = ? AND deleted_at IS NOT NULL AND purged_at IS NULL"
)


def delete(tx: Transaction, slug: str) -> FeatureView:
    """Delete a feature softly, with all that belongs to it. Raises NotFound, Gone."""
    key, deleted_at = _found(tx, slug)
    visible.check_feature(slug, deleted_at)
    tx.execute(_MARK, (tx.now, tx.now, key))
    _record(tx, "feature.deleted", key, slug)
    return features.read(tx, slug, deleted=True)


def restore(tx: Transaction, slug: str) -> FeatureView:
    """Bring a deleted feature back. Raises NotFound, Gone, and Conflict when it is not deleted."""
    key = _deleted(tx, slug, "restored")
    tx.execute(_MARK, (None, tx.now, key))
    _record(tx, "feature.restored", key, slug)
    return features.read(tx, slug)


def purge(tx: Transaction, slug: str) -> FeaturePurge:
    """Remove for good what belongs to a deleted feature, journals and checkpoints included.

    The rows of the feature and of its artifacts stay, so that no id comes back. Raises NotFound,
    Gone, and Conflict when the feature is not deleted.
    """
    key = _deleted(tx, slug, "purged")
    tx.execute(
        "UPDATE artifacts SET deleted_at = ? WHERE feature_id = ? AND deleted_at IS NULL",
        (tx.now, key),
    )
    ids = [row["id"] for row in tx.execute(DELETED, (key,)).fetchall()]
    removed = [remove(tx, artifact_id) for artifact_id in ids]
    counts = {
        "artifacts": len(ids),
        "versions": sum(versions for versions, _ in removed),
        "approvals": sum(approvals for _, approvals in removed),
        "journals": journals.remove_all(tx, key),
        "checkpoints": checkpoints.remove_all(tx, key),
    }
    tx.execute(
        "UPDATE features SET purged_at = ?, updated_at = ? WHERE id = ?", (tx.now, tx.now, key)
    )
    record(tx, "feature.purged", feature=key, subject=key, data={"feature_id": slug, **counts})
    return FeaturePurge(feature_id=slug, purged_at=tx.now, **counts)


def _found(tx: Transaction, slug: str) -> tuple[str, str | None]:
    row: Row = features.any_feature(tx, slug)
    return str(row["id"]), row["deleted_at"]


def _deleted(tx: Transaction, slug: str, to_do: str) -> str:
    key, deleted_at = _found(tx, slug)
    if deleted_at is None:
        raise not_deleted(f"Feature {slug}", to_do)
    return key


def _record(tx: Transaction, kind: str, key: str, slug: str) -> None:
    record(tx, kind, feature=key, subject=key, data={"feature_id": slug})
