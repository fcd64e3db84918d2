"""The schema, step by step, for every database.

Third normal form; UUIDv7 keys; times are RFC 3339 in UTC. A deleted row stays, with its
`deleted_at`, and no longer counts for the unique indexes that say so. Steps are in the SQL of
SQLite; what another database says differently is translated by its adapter, or stands in
`postgresql_up` and `postgresql_down`.
"""

from quaestor_artifact_store.migrations import (
    m0001_initial,
    m0002_lifecycle,
    m0003_search,
    m0004_webhooks,
    m0005_checkpoints,
    m0006_unindexed,
)
from quaestor_artifact_store.migrations.step import Step

__all__ = ["STEPS"]

STEPS: tuple[Step, ...] = (
    m0001_initial.STEP,
    m0002_lifecycle.STEP,
    m0003_search.STEP,
    m0004_webhooks.STEP,
    m0005_checkpoints.STEP,
    m0006_unindexed.STEP,
)
