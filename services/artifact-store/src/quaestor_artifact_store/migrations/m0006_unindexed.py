"""Versions that have no entry in the index of words and none in the audit: those of older schemas.

They are listed here when this step is taken, and the service enters them while it runs
(`service.adopting`): words are in the contents, which no statement reaches.
"""

from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEP"]

STEP = Step(
    name="0006_unindexed",
    up=(
        """CREATE TABLE unindexed (
            version_id TEXT PRIMARY KEY REFERENCES versions(id) ON DELETE CASCADE,
            created_at TEXT NOT NULL) STRICT""",
        """INSERT INTO unindexed (version_id, created_at)
            SELECT v.id, v.created_at FROM versions v
            WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.version_id = v.id)""",
    ),
    down=("DROP TABLE unindexed",),
)
