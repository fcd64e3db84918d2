"""Deletion, approvals, snapshots, idempotency keys, and the chain of changes.

A path may be taken again once its artifact is deleted, so the pair of feature and path is unique
among the living only; SQLite changes a table's constraints by making the table anew.
"""

from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEP"]

_VERSIONS = "id, artifact_id, number, digest, media_type, label, author, session_id, script_version"
_TIMES = "created_at, updated_at, deleted_at"


def _versions(artifacts: str) -> str:
    return f"""CREATE TABLE versions_anew (
        id TEXT PRIMARY KEY, artifact_id TEXT NOT NULL REFERENCES {artifacts}(id),
        number INTEGER NOT NULL, digest TEXT NOT NULL REFERENCES blobs(digest),
        media_type TEXT NOT NULL, label TEXT, author TEXT NOT NULL,
        session_id TEXT, script_version TEXT,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT,
        UNIQUE (artifact_id, number)) STRICT"""


_SWAP = (
    _versions("artifacts_anew"),
    f"""INSERT INTO versions_anew ({_VERSIONS}, {_TIMES})
        SELECT {_VERSIONS}, {_TIMES} FROM versions
        WHERE artifact_id IN (SELECT id FROM artifacts_anew)""",
    "DROP TABLE versions",
    "DROP TABLE artifacts",
    "ALTER TABLE artifacts_anew RENAME TO artifacts",
    "ALTER TABLE versions_anew RENAME TO versions",
    "CREATE UNIQUE INDEX versions_by_label ON versions(artifact_id, label) WHERE label IS NOT NULL",
)
_ARTIFACTS = "id, feature_id, path, latest, created_at, updated_at, deleted_at"
# What lists are sorted by, in a feature and in all; live and deleted artifacts are listed apart.
_LIVE, _DELETED = "deleted_at IS NULL", "deleted_at IS NOT NULL AND purged_at IS NULL"
_LISTS = (
    f"CREATE INDEX artifacts_deleted_by_path ON artifacts(feature_id, path, id) WHERE {_DELETED}",
    *(
        f"CREATE INDEX artifacts_{name}_{scope}{time} ON artifacts({columns}{time}, id)"
        f" WHERE {state}"
        for name, state in (("live", _LIVE), ("deleted", _DELETED))
        for scope, columns in (("", ""), ("feature_", "feature_id, "))
        for time in ("created_at", "updated_at")
    ),
)

STEP = Step(
    name="0002_lifecycle",
    up=(
        "ALTER TABLE features ADD COLUMN purged_at TEXT",
        """CREATE TABLE artifacts_anew (
            id TEXT PRIMARY KEY, feature_id TEXT NOT NULL REFERENCES features(id),
            path TEXT NOT NULL, latest INTEGER NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT,
            purged_at TEXT) STRICT""",
        f"INSERT INTO artifacts_anew ({_ARTIFACTS}) SELECT {_ARTIFACTS} FROM artifacts",
        *_SWAP,
        """CREATE UNIQUE INDEX artifacts_live_path ON artifacts(feature_id, path)
            WHERE deleted_at IS NULL""",
        # Where the numbers of a path go on after its deleted artifacts.
        """CREATE INDEX artifacts_last_at_path ON artifacts(feature_id, path, latest)
            WHERE deleted_at IS NOT NULL""",
        *_LISTS,
        "CREATE INDEX versions_by_time ON versions(artifact_id, created_at, number)",
        "CREATE INDEX versions_by_digest ON versions(digest, artifact_id, number)",
        "CREATE INDEX blobs_removed ON blobs(digest) WHERE deleted_at IS NOT NULL",
        """CREATE TABLE approvals (
            id TEXT PRIMARY KEY, artifact_id TEXT NOT NULL REFERENCES artifacts(id),
            digest TEXT NOT NULL REFERENCES blobs(digest), approver TEXT NOT NULL,
            note TEXT NOT NULL, withdrawn_by TEXT,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
        "CREATE INDEX approvals_by_artifact ON approvals(artifact_id, id)",
        "CREATE INDEX approvals_by_digest ON approvals(artifact_id, digest, id)",
        "CREATE INDEX approvals_of_digest ON approvals(digest)",
        """CREATE UNIQUE INDEX approvals_live ON approvals(artifact_id, digest, approver)
            WHERE deleted_at IS NULL""",
        """CREATE INDEX journals_deleted_by_feature ON journals(feature_id, id)
            WHERE deleted_at IS NOT NULL""",
        """CREATE TABLE snapshots (
            journal_id TEXT NOT NULL REFERENCES journals(id), version INTEGER NOT NULL,
            data TEXT NOT NULL, created_at TEXT NOT NULL,
            PRIMARY KEY (journal_id, version)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE changes (
            position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
            feature_id TEXT REFERENCES features(id), subject TEXT NOT NULL,
            actor TEXT NOT NULL, correlation_id TEXT, data TEXT NOT NULL,
            created_at TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL) STRICT""",
        "CREATE INDEX changes_by_feature ON changes(feature_id, position)",
        "CREATE INDEX changes_by_subject ON changes(subject, position)",
        "CREATE INDEX changes_by_type ON changes(type, position)",
        "CREATE INDEX changes_by_actor ON changes(actor, position)",
        "CREATE INDEX changes_by_time ON changes(created_at, position)",
        """CREATE TABLE idempotency_keys (
            principal TEXT NOT NULL, method TEXT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL,
            fingerprint TEXT NOT NULL, reply TEXT NOT NULL,
            created_at TEXT NOT NULL, expires_at TEXT NOT NULL,
            PRIMARY KEY (principal, method, route, key)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys(expires_at)",
    ),
    down=(
        "DROP INDEX journals_deleted_by_feature",
        "DROP INDEX blobs_removed",
        *(
            f"DROP TABLE {table}"
            for table in ("idempotency_keys", "changes", "snapshots", "approvals")
        ),
        """CREATE TABLE artifacts_anew (
            id TEXT PRIMARY KEY, feature_id TEXT NOT NULL REFERENCES features(id),
            path TEXT NOT NULL, latest INTEGER NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT,
            UNIQUE (feature_id, path)) STRICT""",
        # What is deleted has no place in the older schema beside a living artifact of its path.
        f"""INSERT INTO artifacts_anew ({_ARTIFACTS}) SELECT {_ARTIFACTS} FROM artifacts
            WHERE deleted_at IS NULL""",
        *_SWAP,
        "ALTER TABLE features DROP COLUMN purged_at",
    ),
)
