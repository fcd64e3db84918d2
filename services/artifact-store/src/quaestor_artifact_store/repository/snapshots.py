"""Snapshots: what the events of a journal come to up to a version, so that not all need reading."""

import json
from typing import Any

import msgspec

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.repository import journals
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.features import feature_key
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.journals import JournalView, SnapshotView
from quaestor_shared.errors import NotFound, VersionMismatch

__all__ = ["latest", "put", "read_from"]

SELECT_LATEST = (
    "SELECT version, data, created_at FROM snapshots WHERE journal_id = ?"
    " ORDER BY version DESC LIMIT 1"
)
SELECT_KEPT = (
    "SELECT version FROM snapshots WHERE journal_id = ? ORDER BY version DESC LIMIT 1 OFFSET 1"
)
_PUT = (
    "INSERT INTO snapshots VALUES (?, ?, ?, ?) ON CONFLICT (journal_id, version) DO UPDATE SET"
    " data = excluded.data, created_at = excluded.created_at"
)


def put(tx: Transaction, journal_id: str, version: int, data: dict[str, Any]) -> SnapshotView:
    """Keep a snapshot; the two newest of a journal stay.

    Raises NotFound, and VersionMismatch for a version that the journal has not come to.
    """
    journal = journals.read(tx, journal_id, 0, 0)
    if version > journal.version:
        raise VersionMismatch(
            f"The journal is at version {journal.version}; it has no events up to {version}.",
            meta={"current_version": journal.version},
            details=[ErrorDetail(field="version", message=f"at most {journal.version}")],
        )
    tx.execute(_PUT, (journal_id, version, json.dumps(data), tx.now))
    older = tx.execute(SELECT_KEPT, (journal_id,)).fetchone()
    if older is not None:
        sql = "DELETE FROM snapshots WHERE journal_id = ? AND version < ?"
        tx.execute(sql, (journal_id, older["version"]))
    feature = feature_key(tx, journal.feature_id)
    about = {"version": version}
    record(tx, "journal.snapshotted", feature=feature, subject=journal_id, data=about)
    return SnapshotView(version=version, data=data, at=tx.now)


def latest(connection: Connection, journal_id: str) -> SnapshotView:
    """Give the newest snapshot of a journal. Raises NotFound where there is none."""
    journals.read(connection, journal_id, 0, 0)
    found = _latest(connection, journal_id)
    if found is None:
        raise NotFound("This journal has no snapshot.")
    return found


def read_from(connection: Connection, journal_id: str, after: int, limit: int) -> JournalView:
    """Read a journal from its newest snapshot, where that is beyond `after`. Raises NotFound."""
    snapshot = _latest(connection, journal_id)
    if snapshot is None or snapshot.version <= after:
        return journals.read(connection, journal_id, after, limit)
    journal = journals.read(connection, journal_id, snapshot.version, limit)
    return msgspec.structs.replace(journal, snapshot=snapshot)


def _latest(connection: Connection, journal_id: str) -> SnapshotView | None:
    row = connection.execute(SELECT_LATEST, (journal_id,)).fetchone()
    if row is None:
        return None
    return SnapshotView(version=row["version"], data=json.loads(row["data"]), at=row["created_at"])
