"""Going back to a checkpoint: forwards, by new versions with the contents of old ones."""

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.domain.search.document import Document
from quaestor_artifact_store.domain.search.facets import EVERYTHING
from quaestor_artifact_store.repository import (
    artifact_lifecycle,
    artifacts,
    checkpoints,
    versions,
)
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_shared.contracts.checkpoints import (
    CheckpointItem,
    CreateCheckpoint,
    Others,
    Restoration,
    RestoreAction,
    RestoredItem,
)
from quaestor_shared.contracts.versions import IfExists
from quaestor_shared.ids import new_id

__all__ = ["restore"]

STATE = "SELECT latest, deleted_at, purged_at, path FROM artifacts WHERE id = ?"
LIVE = "SELECT id, path FROM artifacts WHERE feature_id = ? AND deleted_at IS NULL ORDER BY path"
DOCUMENT = (
    "SELECT d.words, d.facets FROM versions v JOIN documents d ON d.version_id = v.id"
    " WHERE v.artifact_id = ? AND v.number = ?"
)


def restore(tx: Transaction, slug: str, name: str, others: Others) -> Restoration:
    """Bring each artifact of a checkpoint back to the content that it had.

    What is there now is remembered first, by a checkpoint of its own. Raises NotFound, Gone.
    """
    row = checkpoints.find(tx, slug, name)
    feature = checkpoints.live_feature(tx, slug)
    undo = f"undo-{new_id()}"
    note = f"what was there before {name} was restored"
    checkpoints.create(tx, slug, CreateCheckpoint(name=undo, note=note))
    remembered = checkpoints.items(tx, row["id"])
    done = [_item(tx, slug, item) for item in remembered]
    if others is Others.DELETE:
        done += _delete_others(tx, feature, {item.artifact_id for item in remembered})
    changed = sum(item.action is not RestoreAction.UNCHANGED for item in done)
    data: dict[str, str | int | None] = {"name": name, "undo": undo, "changed": changed}
    record(tx, "checkpoint.restored", feature=feature, subject=row["id"], data=data)
    return Restoration(feature_id=slug, name=name, undo=undo, items=tuple(done))


def _item(tx: Transaction, slug: str, item: CheckpointItem) -> RestoredItem:
    state = tx.execute(STATE, (item.artifact_id,)).fetchone()
    if state is None or state["purged_at"] is not None or item.digest is None:
        return _done(item, RestoreAction.GONE, None)
    action = RestoreAction.UNCHANGED
    if state["deleted_at"] is not None:
        if artifacts.at(tx, slug, item.path) is not None:
            return _done(item, RestoreAction.TAKEN, None)
        artifact_lifecycle.restore(tx, item.artifact_id)
        action = RestoreAction.RESTORED
    latest = versions.read(tx, item.artifact_id, Expression(number=state["latest"]))
    if latest.digest == item.digest:
        return _done(item, action, latest.number)
    return _done(item, RestoreAction.NEW_VERSION, _again(tx, slug, item))


def _again(tx: Transaction, slug: str, item: CheckpointItem) -> int:
    """Write the content of an old version once more, as the latest."""
    old = versions.read(tx, item.artifact_id, Expression(number=item.number))
    row = tx.execute(DOCUMENT, (item.artifact_id, item.number)).fetchone()
    # The last facet is the author's, and this version has another.
    document = (
        Document(words="", facets=EVERYTHING)
        if row is None
        else Document(row["words"], row["facets"].rpartition(" ")[0])
    )
    new = NewVersion(
        feature_id=slug,
        path=item.path,
        digest=old.digest,
        size=old.size,
        media_type=old.media_type,
        if_exists=IfExists.NEW_VERSION,
        session_id=old.session_id,
        script_version=old.script_version,
        document=document,
    )
    return artifacts.create_version(tx, new, "").number


def _delete_others(tx: Transaction, feature: str, kept: set[str]) -> list[RestoredItem]:
    done = []
    for row in tx.execute(LIVE, (feature,)).fetchall():
        if row["id"] not in kept:
            artifact_lifecycle.delete(tx, row["id"])
            done.append(
                RestoredItem(artifact_id=row["id"], path=row["path"], action=RestoreAction.DELETED)
            )
    return done


def _done(item: CheckpointItem, action: RestoreAction, number: int | None) -> RestoredItem:
    return RestoredItem(artifact_id=item.artifact_id, path=item.path, action=action, number=number)
