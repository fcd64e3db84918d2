"""Journals: append-only streams of events."""

import json
from collections.abc import Sequence

import msgspec

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.domain.lifecycle import check_writable
from quaestor_artifact_store.repository import visible
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.features import feature_key
from quaestor_artifact_store.repository.rows import JournalAppendRow, Page
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.journals import (
    EventInput,
    EventView,
    JournalSummary,
    JournalView,
)
from quaestor_shared.errors import Conflict, NotFound, VersionMismatch
from quaestor_shared.ids import new_id

__all__ = ["append", "create", "delete", "listing", "read", "remove_all"]

_COLUMNS = "j.id, j.key, f.slug AS feature_id, j.version, j.created_at, j.updated_at"
_FIELDS = ("id", "key", "feature_id", "version", "created_at", "updated_at")
_FROM = "FROM journals j JOIN features f ON f.id = j.feature_id"
READ = (
    f"SELECT {_COLUMNS}, f.deleted_at AS feature_deleted_at {_FROM}"
    " WHERE j.id = ? AND j.deleted_at IS NULL"
)
WITH_KEY = "SELECT id FROM journals WHERE key = ? AND deleted_at IS NULL"
FEATURE = (
    "SELECT j.feature_id, f.slug, f.deleted_at, f.purged_at"
    " FROM journals j JOIN features f ON f.id = j.feature_id WHERE j.id = ?"
)
EVENTS = (
    "SELECT version, type, data, created_at AS at FROM events"
    " WHERE journal_id = ? AND version > ? ORDER BY version LIMIT ?"
)
LIST = (
    f"SELECT {_COLUMNS} {_FROM} WHERE j.kind = ? AND j.id < ? AND j.deleted_at IS NULL"
    " AND f.deleted_at IS NULL ORDER BY j.id DESC LIMIT ?"
)
LIST_OF_FEATURE = (
    f"SELECT {_COLUMNS} {_FROM} WHERE f.slug = ? AND j.kind = ? AND j.id < ?"
    " AND j.deleted_at IS NULL AND f.deleted_at IS NULL ORDER BY j.id DESC LIMIT ?"
)
DELETED = "SELECT id FROM journals WHERE feature_id = ? AND deleted_at IS NOT NULL"
_INSERT = "INSERT INTO journals VALUES (?, ?, ?, ?, ?, ?, ?, NULL)"
_LAST = "~"  # sorts after every id
_HIGHEST = 2**62  # no journal comes so far, and no database takes an integer above 2**63


def create(tx: Transaction, key: str, feature_id: str, events: Sequence[EventInput]) -> JournalView:
    """Open a journal.

    Raises Conflict: with `existing_id` when a live one has the key, without it when the feature is
    deleted.
    """
    feature = feature_key(tx, feature_id)
    existing = tx.execute(WITH_KEY, (key,)).fetchone()
    if existing is not None:
        raise Conflict(
            f"There is a journal with the key {key} already.",
            meta={"existing_id": existing["id"]},
            details=[ErrorDetail(field="/key", message="is taken")],
        )
    journal_id, kind = new_id(), key.partition(":")[0]
    tx.execute(_INSERT, (journal_id, feature, kind, key, len(events), tx.now, tx.now))
    _insert(tx, journal_id, 0, events)
    _record(tx, "journal.created", journal_id, feature, len(events))
    return read(tx, journal_id, 0, len(events) or 1)


def append(tx: Transaction, append: JournalAppendRow) -> int:
    """Append events and give the version that the journal has then.

    Raises NotFound, Conflict in a deleted feature, VersionMismatch with `current_version`.
    """
    row = tx.execute(FEATURE, (append.journal_id,)).fetchone()
    if row is None:
        raise _unknown()
    check_writable(row["slug"], row["deleted_at"], row["purged_at"])
    expected, version = append.expected_version, append.expected_version + len(append.events)
    if expected > _HIGHEST:
        raise _mismatch(read(tx, append.journal_id, 0, 0))
    done = tx.execute(
        "UPDATE journals SET version = ?, updated_at = ?"
        " WHERE id = ? AND version = ? AND deleted_at IS NULL",
        (version, tx.now, append.journal_id, expected),
    )
    if done.rowcount == 0:
        raise _mismatch(read(tx, append.journal_id, 0, 0))
    _insert(tx, append.journal_id, expected, append.events)
    _record(tx, "journal.appended", append.journal_id, row["feature_id"], version)
    return version


def read(connection: Connection, journal_id: str, after: int, limit: int) -> JournalView:
    """Read a journal with its events after a position. Raises NotFound."""
    row = connection.execute(READ, (journal_id,)).fetchone()
    if row is None:
        raise _unknown()
    visible.check_feature(row["feature_id"], row["feature_deleted_at"])
    found = connection.execute(EVENTS, (journal_id, after, limit)).fetchall()
    events = tuple(
        EventView(version=e["version"], type=e["type"], data=json.loads(e["data"]), at=e["at"])
        for e in found
    )
    last = events[-1].version if events else after
    summary = {name: row[name] for name in _FIELDS}
    return JournalView(**summary, events=events, more=bool(events) and last < row["version"])


def listing(
    connection: Connection, kind: str, feature_id: str | None, page: Page
) -> list[JournalSummary]:
    """List the live journals whose key starts with `kind:`, newest first, keyed by id."""
    before = page.after[0] if page.after else _LAST
    if feature_id is None:
        rows = connection.execute(LIST, (kind, before, page.limit))
    else:
        rows = connection.execute(LIST_OF_FEATURE, (feature_id, kind, before, page.limit))
    return [JournalSummary(**dict(row)) for row in rows]


def delete(tx: Transaction, journal_id: str, expected: int | None) -> JournalSummary:
    """Delete a journal softly. Raises NotFound, VersionMismatch."""
    journal = read(tx, journal_id, 0, 0)
    if expected is not None and journal.version != expected:
        raise _mismatch(journal)
    tx.execute(
        "UPDATE journals SET deleted_at = ?, updated_at = ? WHERE id = ?",
        (tx.now, tx.now, journal_id),
    )
    _record(tx, "journal.deleted", journal_id, feature_key(tx, journal.feature_id), journal.version)
    return msgspec.convert(journal, JournalSummary, from_attributes=True)


def remove_all(tx: Transaction, feature: str) -> int:
    """Remove every journal of a deleted feature for good, closed or not, and count them."""
    tx.execute(
        "UPDATE journals SET deleted_at = ? WHERE feature_id = ? AND deleted_at IS NULL",
        (tx.now, feature),
    )
    ids = [(row["id"],) for row in tx.execute(DELETED, (feature,)).fetchall()]
    for table, column in (
        ("events", "journal_id"),
        ("snapshots", "journal_id"),
        ("journals", "id"),
    ):
        tx.executemany(f"DELETE FROM {table} WHERE {column} = ?", ids)
    return len(ids)


def _insert(tx: Transaction, journal_id: str, after: int, events: Sequence[EventInput]) -> None:
    tx.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
        [
            (journal_id, after + index, event.type, json.dumps(event.data), tx.now)
            for index, event in enumerate(events, start=1)
        ],
    )


def _record(tx: Transaction, kind: str, journal_id: str, feature: str | None, version: int) -> None:
    record(tx, kind, feature=feature, subject=journal_id, data={"version": version})


def _unknown() -> NotFound:
    return NotFound("There is no journal with this id.")


def _mismatch(journal: JournalSummary) -> VersionMismatch:
    return VersionMismatch(
        f"The journal is at version {journal.version} by now.",
        meta={"current_version": journal.version},
    )
