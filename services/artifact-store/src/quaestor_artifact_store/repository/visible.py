"""What can be seen: artifacts that are neither deleted, nor purged, nor of a deleted feature."""

from quaestor_artifact_store.database import Connection, Row
from quaestor_artifact_store.domain.lifecycle import deleted, purged
from quaestor_artifact_store.repository.rows import ArtifactRow
from quaestor_shared.errors import NotFound

__all__ = ["any_artifact", "artifact", "check_feature", "shown"]

ARTIFACT = (
    "SELECT a.id, a.feature_id, f.slug, a.path, a.latest, a.deleted_at, a.purged_at,"
    " f.deleted_at AS feature_deleted_at"
    " FROM artifacts a JOIN features f ON f.id = a.feature_id WHERE a.id = ?"
)


def artifact(connection: Connection, artifact_id: str) -> ArtifactRow:
    """Find a live artifact. Raises NotFound, which says how a deleted one is restored, or Gone."""
    found = any_artifact(connection, artifact_id)
    check_feature(found.slug, found.feature_deleted_at)
    if found.deleted_at is not None:
        where = f"/v1/artifacts/{artifact_id}/restorations"
        raise deleted("This artifact", found.deleted_at, where)
    return found


def any_artifact(connection: Connection, artifact_id: str) -> ArtifactRow:
    """Find an artifact, live or deleted. Raises NotFound, or Gone for a purged one."""
    row: Row | None = connection.execute(ARTIFACT, (artifact_id,)).fetchone()
    if row is None:
        raise NotFound("There is no artifact with this id.")
    if row["purged_at"] is not None:
        raise purged("This artifact", row["purged_at"])
    return ArtifactRow(**dict(row))


def shown(connection: Connection, artifact_id: str, row: Row | None, *, deleted: bool) -> Row:
    """Give back a row of an artifact that may be seen; of a deleted one only where asked for.

    The row has `deleted_at` and `feature_deleted_at`. Raises NotFound, or Gone for a purged one.
    """
    if row is None or row["deleted_at"] or row["feature_deleted_at"]:
        (any_artifact if deleted else artifact)(connection, artifact_id)
    if row is None:
        raise NotFound("There is no such version of this artifact.")
    return row


def check_feature(slug: str, deleted_at: str | None) -> None:
    """Raise NotFound when what is read belongs to a feature that is deleted."""
    if deleted_at is not None:
        raise deleted(f"Feature {slug}", deleted_at, f"/v1/features/{slug}/restorations")
