"""What can be done with contents: they are read, by their digest."""

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Database
from quaestor_artifact_store.repository import versions
from quaestor_artifact_store.repository.rows import BlobRow
from quaestor_shared.errors import NotFound, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["ContentService"]

_log = get_logger(__name__)


class ContentService:
    """Contents, as the rows name them and the blob store has them."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    async def read(self, digest: str) -> bytes:
        """Give a content that a row names. Raises Unavailable for a damaged or missing one."""
        try:
            return await self._blobs.get(digest)
        except NotFound as error:
            # Not the caller's mistake: what was acknowledged is gone, and someone has to know.
            _log.error("blob missing", digest=digest)
            message = "The stored content is missing and cannot be served."
            raise Unavailable(message, retry_after=3600) from error

    async def describe(self, digest: str) -> BlobRow:
        """Give what is known of a content that some version names. Raises NotFound."""
        found = await self._database.read(lambda c: versions.blob(c, digest))
        if found is None:
            raise NotFound("There is no content with this digest.")
        return found
