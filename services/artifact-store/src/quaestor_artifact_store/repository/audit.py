"""The changes as they are read: by filter, as a chain, and one after the other."""

from collections.abc import Mapping
from itertools import compress
from typing import Any

import msgspec

from quaestor_artifact_store.database import Connection, Row
from quaestor_artifact_store.domain.chain import START, Fault, Link, follow
from quaestor_shared.contracts.audit import AuditEntry

__all__ = ["ChangeFilter", "after", "between", "follow_on", "hash_at", "listing", "other_head"]

_ENTRY = (
    "SELECT c.position, c.id, c.type, f.slug AS feature_id, c.subject, c.actor,"
    " c.correlation_id, c.data, c.created_at, c.previous_hash, c.hash"
    " FROM changes c LEFT JOIN features f ON f.id = c.feature_id"
)
_FILTERS = ("c.feature_id = ?", "c.subject = ?", "c.actor = ?", "c.type = ?")
SELECT_AFTER = f"{_ENTRY} WHERE c.position > ? ORDER BY c.position LIMIT ?"
SELECT_CHAIN = (
    "SELECT position, id, type, feature_id, subject, actor, correlation_id, data, created_at,"
    " previous_hash, hash FROM changes WHERE position > ? ORDER BY position LIMIT ?"
)
SELECT_HASH = "SELECT hash FROM changes WHERE position = ?"
SELECT_SINCE = (
    "SELECT position FROM changes WHERE created_at >= ? ORDER BY created_at, position LIMIT 1"
)
SELECT_FEATURE = "SELECT id FROM features WHERE slug = ?"
_HIGHEST = 2**62


class ChangeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are wanted. `since` counts in, `until` does not; both RFC 3339 in UTC."""

    feature_id: str | None = None
    subject: str | None = None
    actor: str | None = None
    type: str | None = None
    since: str | None = None
    until: str | None = None


def select(filters: tuple[bool, ...], *, newest_first: bool) -> str:
    """Give the statement that lists by some of feature, subject, actor and type."""
    wanted = " AND ".join(["c.position > ?", "c.position < ?", *compress(_FILTERS, filters)])
    order = "DESC" if newest_first else "ASC"
    return f"{_ENTRY} WHERE {wanted} ORDER BY c.position {order} LIMIT ?"


def listing(
    connection: Connection,
    wanted: ChangeFilter,
    limit: int,
    *,
    newest_first: bool,
    start: int | None = None,
) -> list[AuditEntry]:
    """List changes in the order of their positions, beyond `start`, which does not count in."""
    low, high = between(connection, wanted)
    if start is not None:
        low, high = (low, min(high, start)) if newest_first else (max(low, start), high)
    feature = None
    if wanted.feature_id is not None:
        row = connection.execute(SELECT_FEATURE, (wanted.feature_id,)).fetchone()
        if row is None:
            return []
        feature = row["id"]
    values = (feature, wanted.subject, wanted.actor, wanted.type)
    given = tuple(value is not None for value in values)
    rows = connection.execute(
        select(given, newest_first=newest_first), (low, high, *compress(values, given), limit)
    )
    return [_entry(row) for row in rows]


def after(connection: Connection, position: int, limit: int) -> list[AuditEntry]:
    """Give the changes after a position, whatever they are."""
    return [_entry(row) for row in connection.execute(SELECT_AFTER, (position, limit))]


def follow_on(connection: Connection, last: Link, limit: int) -> tuple[Link, Fault | None, int]:
    """Follow the chain some entries on, up to a fault, and give how many were read."""
    # From the start, nothing may stand before the first position either.
    position = -_HIGHEST if last == START else last.position
    rows = connection.execute(SELECT_CHAIN, (position, limit)).fetchall()
    return *follow(last, rows), len(rows)


def hash_at(connection: Connection, position: int) -> str | None:
    """Give the hash of the change at a position, or None where there is none."""
    row = connection.execute(SELECT_HASH, (position,)).fetchone()
    return None if row is None else str(row["hash"])


def other_head(connection: Connection, expected: Link) -> Fault | None:
    """Give the fault where a head that was told before is not at its position any more."""
    found = None if expected == START else hash_at(connection, expected.position)
    if expected == START or found == expected.hash:
        return None
    return Fault(expected.position, "other_head", expected.hash, found)


def between(connection: Connection, wanted: ChangeFilter) -> tuple[int, int]:
    """Give the positions between which, both out, the changes of a time are: times follow them."""
    low, high = 0, _HIGHEST
    if wanted.since is not None:
        low = _first_since(connection, wanted.since) - 1
    if wanted.until is not None:
        high = _first_since(connection, wanted.until)
    return low, high


def _first_since(connection: Connection, time: str) -> int:
    row = connection.execute(SELECT_SINCE, (time,)).fetchone()
    return _HIGHEST if row is None else int(row["position"])


def _entry(row: Row) -> AuditEntry:
    said: Mapping[str, Any] = {**dict(row), "data": msgspec.json.decode(row["data"])}
    return AuditEntry(**said)
