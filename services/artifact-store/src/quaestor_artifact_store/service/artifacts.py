"""What can be done with artifacts and their versions: read, listed, deleted and brought back."""

from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.conditions import Condition
from quaestor_artifact_store.domain.content import checked_id
from quaestor_artifact_store.domain.expressions import read_expression
from quaestor_artifact_store.domain.listing import ArtifactFilter, VersionFilter
from quaestor_artifact_store.repository import (
    artifact_lifecycle,
    artifact_lists,
    artifacts,
    version_lists,
    versions,
)
from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.versions import ArtifactPurge, ArtifactView, VersionView

__all__ = ["ArtifactService"]


class ArtifactService:
    """Artifacts as rows. What is deleted is shown only where `deleted` asks for it.

    Reads raise NotFound, which says how a deleted artifact is brought back, or Gone for a purged
    one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listing(
        self, asked: ArtifactFilter, page: Page, *, count: bool = False
    ) -> tuple[list[ArtifactView], int | None]:
        """List artifacts, and count on the same snapshot what all pages hold, where asked for."""

        def query(connection: Connection) -> tuple[list[ArtifactView], int | None]:
            listed = artifact_lists.listing(connection, asked, page)
            return listed, artifact_lists.count(connection, asked) if count else None

        return await self._database.read(query)

    async def read(self, artifact_id: str, *, deleted: bool = False) -> ArtifactView:
        """Read an artifact with its latest version."""
        key = checked_id(artifact_id, "artifact")
        return await self._database.read(lambda c: artifacts.read(c, key, deleted=deleted))

    async def versions(
        self,
        artifact_id: str,
        asked: VersionFilter,
        *,
        after: int | None,
        limit: int,
        deleted: bool = False,
        count: bool = False,
    ) -> tuple[list[VersionView], int | None]:
        """List an artifact's versions by their numbers, after one of them; count all if asked."""
        key = checked_id(artifact_id, "artifact")

        def query(connection: Connection) -> tuple[list[VersionView], int | None]:
            listed = version_lists.listing(
                connection, key, asked, after=after, limit=limit, deleted=deleted
            )
            return listed, version_lists.count(connection, key, asked) if count else None

        return await self._database.read(query)

    async def read_version(
        self, artifact_id: str, expression: str, *, deleted: bool = False
    ) -> VersionView:
        """Read the version that an expression means. Raises InvalidInput for no such time."""
        key, which = checked_id(artifact_id, "artifact"), read_expression(expression)
        return await self._database.read(lambda c: versions.read(c, key, which, deleted=deleted))

    async def delete(self, artifact_id: str, condition: Condition, once: Once) -> ArtifactView:
        """Delete an artifact softly. Raises NotFound, Gone, VersionMismatch."""
        key = checked_id(artifact_id, "artifact")
        return await once.write(
            self._database, lambda tx: artifact_lifecycle.delete(tx, key, condition), ArtifactView
        )

    async def restore(self, artifact_id: str, once: Once) -> ArtifactView:
        """Bring a deleted artifact back. Raises NotFound, Gone, Conflict."""
        key = checked_id(artifact_id, "artifact")
        return await once.write(
            self._database, lambda tx: artifact_lifecycle.restore(tx, key), ArtifactView
        )

    async def purge(self, artifact_id: str, once: Once) -> ArtifactPurge:
        """Remove a deleted artifact for good. Raises NotFound, Gone, Conflict."""
        key = checked_id(artifact_id, "artifact")
        return await once.write(
            self._database, lambda tx: artifact_lifecycle.purge(tx, key), ArtifactPurge
        )
