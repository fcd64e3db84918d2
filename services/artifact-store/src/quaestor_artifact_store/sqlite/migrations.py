"""The schema, step by step. Each step runs once, in a transaction of its own.

Third normal form; UUIDv7 keys; times are RFC 3339 in UTC. A deleted row stays, with its
`deleted_at`, and no longer counts for the unique indexes that say so.
"""

import sqlite3
from collections.abc import Sequence

from quaestor_shared.clock import Clock

__all__ = ["MIGRATIONS", "migrate"]

Step = tuple[str, Sequence[str]]

_INITIAL = (
    """CREATE TABLE features (
        id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
    """CREATE TABLE journals (
        id TEXT PRIMARY KEY, feature_id TEXT NOT NULL REFERENCES features(id),
        kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
    "CREATE UNIQUE INDEX journals_live_key ON journals(key) WHERE deleted_at IS NULL",
    "CREATE INDEX journals_by_kind ON journals(kind, id) WHERE deleted_at IS NULL",
    "CREATE INDEX journals_by_feature ON journals(feature_id, kind, id) WHERE deleted_at IS NULL",
    """CREATE TABLE events (
        journal_id TEXT NOT NULL REFERENCES journals(id), version INTEGER NOT NULL,
        type TEXT NOT NULL, data TEXT NOT NULL, created_at TEXT NOT NULL,
        PRIMARY KEY (journal_id, version)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE blobs (
        digest TEXT PRIMARY KEY, size INTEGER NOT NULL, media_type TEXT NOT NULL,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
    """CREATE TABLE artifacts (
        id TEXT PRIMARY KEY, feature_id TEXT NOT NULL REFERENCES features(id),
        path TEXT NOT NULL, latest INTEGER NOT NULL,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT,
        UNIQUE (feature_id, path)) STRICT""",
    """CREATE TABLE versions (
        id TEXT PRIMARY KEY, artifact_id TEXT NOT NULL REFERENCES artifacts(id),
        number INTEGER NOT NULL, digest TEXT NOT NULL REFERENCES blobs(digest),
        media_type TEXT NOT NULL, label TEXT, author TEXT NOT NULL,
        session_id TEXT, script_version TEXT,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT,
        UNIQUE (artifact_id, number)) STRICT""",
    "CREATE UNIQUE INDEX versions_by_label ON versions(artifact_id, label) WHERE label IS NOT NULL",
)
MIGRATIONS: tuple[Step, ...] = (("0001_initial", _INITIAL),)


def migrate(
    connection: sqlite3.Connection, clock: Clock, steps: Sequence[Step] = MIGRATIONS
) -> list[str]:
    """Apply the steps that are missing and give their names.

    Safe when several processes start at once: the write lock is taken before looking.
    """
    applied = []
    for name, statements in steps:
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations"
                " (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
            )
            known = "SELECT 1 FROM migrations WHERE name = ?"
            if connection.execute(known, (name,)).fetchone() is None:
                for statement in statements:
                    connection.execute(statement)
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, clock()))
                applied.append(name)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return applied
