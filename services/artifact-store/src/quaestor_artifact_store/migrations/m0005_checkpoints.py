"""Checkpoints, and the versions that they remember."""

from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEP"]

STEP = Step(
    name="0005_checkpoints",
    up=(
        """CREATE TABLE checkpoints (
            id TEXT PRIMARY KEY, feature_id TEXT NOT NULL REFERENCES features(id),
            name TEXT NOT NULL, note TEXT NOT NULL, author TEXT NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
        """CREATE UNIQUE INDEX checkpoints_live_name ON checkpoints(feature_id, name)
            WHERE deleted_at IS NULL""",
        "CREATE INDEX checkpoints_by_feature ON checkpoints(feature_id, id)",
        # Not a key of `versions`: an artifact that is purged leaves its number here, and no more.
        """CREATE TABLE checkpoint_items (
            checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id),
            artifact_id TEXT NOT NULL REFERENCES artifacts(id), number INTEGER NOT NULL,
            PRIMARY KEY (checkpoint_id, artifact_id)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX checkpoint_items_by_artifact ON checkpoint_items(artifact_id)",
    ),
    down=("DROP TABLE checkpoint_items", "DROP TABLE checkpoints"),
)
