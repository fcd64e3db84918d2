"""Webhooks, and what was and has to be sent to them.

A delivery's position is that of its change, or 0 for a test ping. It is made when the webhook comes
to the change, not with the change: a write pays nothing for those who listen.
"""

from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEP"]

STEP = Step(
    name="0004_webhooks",
    up=(
        """CREATE TABLE webhooks (
            id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, types TEXT NOT NULL,
            feature_id TEXT, active INTEGER NOT NULL, position INTEGER NOT NULL,
            failures INTEGER NOT NULL, paused_until TEXT, disabled_reason TEXT,
            leased_by TEXT, leased_until TEXT, created_by TEXT NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT) STRICT""",
        "CREATE INDEX webhooks_live ON webhooks(id) WHERE deleted_at IS NULL",
        """CREATE INDEX webhooks_active ON webhooks(id)
            WHERE active = 1 AND deleted_at IS NULL""",
        """CREATE TABLE deliveries (
            id TEXT PRIMARY KEY, webhook_id TEXT NOT NULL REFERENCES webhooks(id),
            position INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
            due_at TEXT NOT NULL, status INTEGER, error TEXT,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT""",
        """CREATE UNIQUE INDEX deliveries_by_position ON deliveries(webhook_id, position)
            WHERE position > 0""",
        """CREATE INDEX deliveries_pending ON deliveries(webhook_id, position)
            WHERE state = 'pending'""",
        "CREATE INDEX deliveries_by_webhook ON deliveries(webhook_id, id)",
        "CREATE INDEX deliveries_by_state ON deliveries(webhook_id, state, id)",
        "CREATE INDEX deliveries_ended ON deliveries(updated_at) WHERE state <> 'pending'",
    ),
    down=("DROP TABLE deliveries", "DROP TABLE webhooks"),
)
