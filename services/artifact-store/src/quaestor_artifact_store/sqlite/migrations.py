"""The schema, step by step, through sqlite-utils' migrations.

Third normal form; UUIDv7 keys; times are RFC 3339 in UTC. A deleted row stays, with its
`deleted_at`, and no longer counts for the unique indexes that say so.
"""

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["VERSION", "migrate"]

# The number of steps. A database that has it is up to date, and sqlite-utils, which takes a tenth
# of a second to import, is not needed.
VERSION = 1

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


def migrate(connection: sqlite3.Connection) -> bool:
    """Apply the steps that are missing, and say whether there were any.

    Each step is recorded with what it did. Safe when several processes start at once: the write
    lock is taken before looking.
    """
    if _version(connection) >= VERSION:
        return False
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    steps = Migrations("artifact-store")
    steps(name="0001_initial")(_initial)
    connection.execute("BEGIN IMMEDIATE")
    try:
        database = Database(connection)
        pending = bool(steps.pending(database))
        steps.apply(database)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return pending


def _initial(database: "Database") -> None:
    for statement in _INITIAL:
        database.execute(statement)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
