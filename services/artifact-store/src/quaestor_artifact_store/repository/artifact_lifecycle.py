"""The end of an artifact, and its way back: delete, restore, purge."""

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.domain.conditions import UNCONDITIONAL, Condition
from quaestor_artifact_store.domain.lifecycle import not_deleted
from quaestor_artifact_store.repository import artifacts, search, visible
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.rows import ArtifactRow
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import ArtifactPurge, ArtifactView
from quaestor_shared.errors import Conflict, VersionMismatch

__all__ = ["delete", "purge", "remove", "restore"]

_MARK = "UPDATE artifacts SET deleted_at = ?, updated_at = ? WHERE id = ?"


def delete(tx: Transaction, artifact_id: str, condition: Condition = UNCONDITIONAL) -> ArtifactView:
    """Delete an artifact softly: its path is free, and nothing of it is lost.

    Raises NotFound, Gone, and VersionMismatch when the condition does not hold.
    """
    found, latest = visible.artifact(tx, artifact_id), artifacts.read(tx, artifact_id).latest
    if not condition.holds(latest.digest):
        raise VersionMismatch(
            f"{latest.path} of {latest.feature_id} is at version {latest.number} by now.",
            meta={"current_version": latest.number, "current_digest": latest.digest},
            details=[ErrorDetail(field="If-Match", message=f'it has `"{latest.digest}"`')],
        )
    tx.execute(_MARK, (tx.now, tx.now, artifact_id))
    _record(tx, "artifact.deleted", found)
    return artifacts.read(tx, artifact_id, deleted=True)


def restore(tx: Transaction, artifact_id: str) -> ArtifactView:
    """Bring a deleted artifact back with all its versions.

    Raises NotFound, Gone, and Conflict when it is not deleted or its path was taken meanwhile.
    """
    found = _deleted(tx, artifact_id, "restored")
    taken = tx.execute(artifacts.LATEST_AT, (found.feature_id, found.path)).fetchone()
    if taken is not None:
        raise Conflict(
            f"{found.path} of {found.slug} was taken by another artifact meanwhile."
            " Delete that one first.",
            meta={"existing_id": taken["id"], "current_version": taken["latest"]},
        )
    tx.execute(_MARK, (None, tx.now, artifact_id))
    _record(tx, "artifact.restored", found)
    return artifacts.read(tx, artifact_id)


def purge(tx: Transaction, artifact_id: str) -> ArtifactPurge:
    """Remove for good what only a deleted artifact had; its row stays, so that no id comes back.

    Contents stay until garbage is collected, because other artifacts may have the same. Raises
    NotFound, Gone, and Conflict when it is not deleted.
    """
    found = _deleted(tx, artifact_id, "purged")
    gone, approvals = remove(tx, artifact_id)
    record(
        tx,
        "artifact.purged",
        feature=found.feature_id,
        subject=artifact_id,
        data={"path": found.path, "last": found.latest, "versions": gone, "approvals": approvals},
    )
    return ArtifactPurge(
        id=artifact_id,
        feature_id=found.slug,
        path=found.path,
        purged_at=tx.now,
        last=found.latest,
        versions=gone,
        approvals=approvals,
    )


def remove(tx: Transaction, artifact_id: str) -> tuple[int, int]:
    """Remove what only a deleted artifact had, and mark it; count versions and approvals."""
    search.forget(tx, artifact_id)
    approvals = tx.execute("DELETE FROM approvals WHERE artifact_id = ?", (artifact_id,)).rowcount
    gone = tx.execute("DELETE FROM versions WHERE artifact_id = ?", (artifact_id,)).rowcount
    tx.execute(
        "UPDATE artifacts SET purged_at = ?, updated_at = ? WHERE id = ?",
        (tx.now, tx.now, artifact_id),
    )
    return gone, approvals


def _deleted(tx: Transaction, artifact_id: str, to_do: str) -> ArtifactRow:
    found = visible.any_artifact(tx, artifact_id)
    visible.check_feature(found.slug, found.feature_deleted_at)
    if found.deleted_at is None:
        raise not_deleted("This artifact", to_do)
    return found


def _record(tx: Transaction, kind: str, found: ArtifactRow) -> None:
    data: dict[str, str | int | None] = {"path": found.path, "latest": found.latest}
    record(tx, kind, feature=found.feature_id, subject=found.id, data=data)
