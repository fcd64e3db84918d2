"""What can be done with features: read, listed, deleted and brought back, with all they hold."""

from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.content import checked_feature
from quaestor_artifact_store.repository import feature_lifecycle, features
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.features import FeaturePurge, FeatureState, FeatureView

__all__ = ["FeatureService"]


class FeatureService:
    """Features. Reads raise NotFound, also for a deleted one, or Gone for a purged one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listing(
        self, state: FeatureState, after: str, limit: int, *, count: bool = False
    ) -> tuple[list[FeatureView], int | None]:
        """List the features of a state by their ids, after one of them; count all if asked."""

        def query(connection: Connection) -> tuple[list[FeatureView], int | None]:
            listed = features.listing(connection, state, after, limit)
            return listed, features.count(connection, state) if count else None

        return await self._database.read(query)

    async def read(self, feature_id: str, *, deleted: bool = False) -> FeatureView:
        """Read a feature with its counts; a deleted one only where `deleted` asks for it."""
        slug = checked_feature(feature_id)
        return await self._database.read(lambda c: features.read(c, slug, deleted=deleted))

    async def delete(self, feature_id: str, once: Once) -> FeatureView:
        """Delete a feature softly, with all it holds. Raises NotFound, Gone."""
        slug = checked_feature(feature_id)
        return await once.write(
            self._database, lambda tx: feature_lifecycle.delete(tx, slug), FeatureView
        )

    async def restore(self, feature_id: str, once: Once) -> FeatureView:
        """Bring a deleted feature back. Raises NotFound, Gone, Conflict."""
        slug = checked_feature(feature_id)
        return await once.write(
            self._database, lambda tx: feature_lifecycle.restore(tx, slug), FeatureView
        )

    async def purge(self, feature_id: str, once: Once) -> FeaturePurge:
        """Remove what a deleted feature holds for good. Raises NotFound, Gone, Conflict."""
        slug = checked_feature(feature_id)
        return await once.write(
            self._database, lambda tx: feature_lifecycle.purge(tx, slug), FeaturePurge
        )
