"""What can be done with checkpoints."""

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.content import checked_feature
from quaestor_artifact_store.repository import checkpoints, going_back
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.checkpoints import (
    CheckpointView,
    CreateCheckpoint,
    Restoration,
    RestoreCheckpoint,
)

__all__ = ["CheckpointService"]


class CheckpointService:
    """Where a feature stood. Every method raises NotFound and Gone, for the feature too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, feature_id: str, request: CreateCheckpoint, once: Once
    ) -> CheckpointView:
        """Remember where a feature stands. Raises Conflict for a name that is taken."""
        slug = checked_feature(feature_id)
        return await once.write(
            self._database, lambda tx: checkpoints.create(tx, slug, request), CheckpointView
        )

    async def read(self, feature_id: str, name: str) -> CheckpointView:
        """Read a checkpoint with its items."""
        slug = checked_feature(feature_id)
        return await self._database.read(lambda c: checkpoints.read(c, slug, name))

    async def listing(
        self, feature_id: str, before: str | None, limit: int
    ) -> list[tuple[str, CheckpointView]]:
        """List checkpoints, newest first, each with the key of the page behind it."""
        slug = checked_feature(feature_id)
        return await self._database.read(lambda c: checkpoints.listing(c, slug, before, limit))

    async def delete(self, feature_id: str, name: str, once: Once) -> CheckpointView:
        """Forget a checkpoint."""
        slug = checked_feature(feature_id)
        return await once.write(
            self._database, lambda tx: checkpoints.delete(tx, slug, name), CheckpointView
        )

    async def restore(
        self, feature_id: str, name: str, request: RestoreCheckpoint, once: Once
    ) -> Restoration:
        """Bring a feature back to a checkpoint, all of it in one transaction."""
        slug = checked_feature(feature_id)
        return await once.write(
            self._database,
            lambda tx: going_back.restore(tx, slug, name, request.others),
            Restoration,
        )
