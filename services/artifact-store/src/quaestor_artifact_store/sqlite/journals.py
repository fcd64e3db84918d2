"""SQL of the journals. Functions on a connection; the writer or a reader runs them."""

import json
import sqlite3
from collections.abc import Sequence

from quaestor_artifact_store.repository import JournalAppendRow, Page
from quaestor_shared.contracts.journals import (
    EventInput,
    EventView,
    JournalSummary,
    JournalView,
)
from quaestor_shared.errors import Conflict, NotFound, VersionMismatch
from quaestor_shared.ids import new_id

__all__ = ["append", "create", "delete", "feature_key", "listing", "read"]

_COLUMNS = "j.id, j.key, f.slug AS feature_id, j.version, j.created_at, j.updated_at"
_FROM = "FROM journals j JOIN features f ON f.id = j.feature_id"
READ = f"SELECT {_COLUMNS} {_FROM} WHERE j.id = ? AND j.deleted_at IS NULL"
EVENTS = (
    "SELECT version, type, data, created_at AS at FROM events"
    " WHERE journal_id = ? AND version > ? ORDER BY version LIMIT ?"
)
LIST = (
    f"SELECT {_COLUMNS} {_FROM} WHERE j.kind = ? AND j.id < ? AND j.deleted_at IS NULL"
    " ORDER BY j.id DESC LIMIT ?"
)
LIST_OF_FEATURE = (
    f"SELECT {_COLUMNS} {_FROM} WHERE f.slug = ? AND j.kind = ? AND j.id < ?"
    " AND j.deleted_at IS NULL ORDER BY j.id DESC LIMIT ?"
)
_LAST = "~"  # sorts after every id
_HIGHEST = 2**62  # no journal comes so far, and SQLite takes no integer above 2**63


def feature_key(connection: sqlite3.Connection, slug: str, now: str) -> str:
    """Give the key of a feature, which is made when it is first named."""
    found = connection.execute("SELECT id FROM features WHERE slug = ?", (slug,)).fetchone()
    if found is not None:
        return str(found["id"])
    key = new_id()
    connection.execute("INSERT INTO features VALUES (?, ?, ?, ?, NULL)", (key, slug, now, now))
    return key


def create(
    connection: sqlite3.Connection, key: str, feature: str, events: Sequence[EventInput], now: str
) -> JournalView:
    """Open a journal; the unique index on live keys decides a race."""
    journal_id, kind = new_id(), key.partition(":")[0]
    row = (journal_id, feature_key(connection, feature, now), kind, key, len(events), now, now)
    try:
        connection.execute("INSERT INTO journals VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
    except sqlite3.IntegrityError as error:
        query = "SELECT id FROM journals WHERE key = ? AND deleted_at IS NULL"
        existing = connection.execute(query, (key,)).fetchone()
        raise Conflict("There is one already.", meta={"existing_id": existing["id"]}) from error
    _insert(connection, journal_id, 0, events, now)
    return read(connection, journal_id, 0, len(events) or 1)


def append(connection: sqlite3.Connection, append: JournalAppendRow, now: str) -> int:
    """Append events and give the version that the journal has then."""
    expected, version = append.expected_version, append.expected_version + len(append.events)
    if expected > _HIGHEST:
        raise _mismatch(read(connection, append.journal_id, 0, 0))
    done = connection.execute(
        "UPDATE journals SET version = ?, updated_at = ?"
        " WHERE id = ? AND version = ? AND deleted_at IS NULL",
        (version, now, append.journal_id, expected),
    )
    if done.rowcount == 0:
        raise _mismatch(read(connection, append.journal_id, 0, 0))
    _insert(connection, append.journal_id, expected, append.events, now)
    return version


def read(connection: sqlite3.Connection, journal_id: str, after: int, limit: int) -> JournalView:
    """Read a journal with its events after a position. Raises NotFound."""
    row = connection.execute(READ, (journal_id,)).fetchone()
    if row is None:
        raise NotFound("There is no journal with this id.")
    found = connection.execute(EVENTS, (journal_id, after, limit)).fetchall()
    events = tuple(
        EventView(version=e["version"], type=e["type"], data=json.loads(e["data"]), at=e["at"])
        for e in found
    )
    last = events[-1].version if events else after
    return JournalView(**dict(row), events=events, more=bool(events) and last < row["version"])


def listing(
    connection: sqlite3.Connection, kind: str, feature: str | None, page: Page
) -> list[JournalSummary]:
    """List live journals, newest first."""
    before = page.after[0] if page.after else _LAST
    if feature is None:
        rows = connection.execute(LIST, (kind, before, page.limit))
    else:
        rows = connection.execute(LIST_OF_FEATURE, (feature, kind, before, page.limit))
    return [JournalSummary(**dict(row)) for row in rows]


def delete(
    connection: sqlite3.Connection, journal_id: str, expected: int | None, now: str
) -> JournalSummary:
    """Delete a journal softly."""
    journal = read(connection, journal_id, 0, 0)
    if expected is not None and journal.version != expected:
        raise _mismatch(journal)
    connection.execute(
        "UPDATE journals SET deleted_at = ?, updated_at = ? WHERE id = ?", (now, now, journal_id)
    )
    return journal


def _insert(
    connection: sqlite3.Connection,
    journal_id: str,
    after: int,
    events: Sequence[EventInput],
    now: str,
) -> None:
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
        [
            (journal_id, after + index, event.type, json.dumps(event.data), now)
            for index, event in enumerate(events, start=1)
        ],
    )


def _mismatch(journal: JournalSummary) -> VersionMismatch:
    return VersionMismatch(
        f"The journal is at version {journal.version} by now.",
        meta={"current_version": journal.version},
    )
