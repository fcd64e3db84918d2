"""Features, artifacts and their versions, contents, journals and their events."""

from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEP"]

STEP = Step(
    name="0001_initial",
    up=(
        """CREATE TABLE features (
            id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
        """CREATE TABLE journals (
            id TEXT PRIMARY KEY, feature_id TEXT NOT NULL REFERENCES features(id),
            kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
        "CREATE UNIQUE INDEX journals_live_key ON journals(key) WHERE deleted_at IS NULL",
        "CREATE INDEX journals_by_kind ON journals(kind, id) WHERE deleted_at IS NULL",
        """CREATE INDEX journals_by_feature ON journals(feature_id, kind, id)
            WHERE deleted_at IS NULL""",
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
        """CREATE UNIQUE INDEX versions_by_label ON versions(artifact_id, label)
            WHERE label IS NOT NULL""",
    ),
    down=tuple(
        f"DROP TABLE {table}"
        for table in ("versions", "artifacts", "blobs", "events", "journals", "features")
    ),
)
