"""What can be done with contents: they are uploaded under their digest, and read by it."""

from collections.abc import AsyncIterator
from typing import NoReturn

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.content_headers import content_headers
from quaestor_artifact_store.repository import blobs as rows
from quaestor_artifact_store.repository.rows import BlobRow
from quaestor_artifact_store.service.putting import forgetting
from quaestor_artifact_store.service.recent import LARGEST, RecentContents
from quaestor_artifact_store.verified import Verified
from quaestor_shared.clock import Clock, later
from quaestor_shared.contracts.blobs import BlobUrlView, BlobView
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import BadRequest, NotFound, PayloadTooLarge, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["ContentService"]

_log = get_logger(__name__)


class ContentService:
    """Contents, as the rows name them and the blob store has them."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        clock: Clock,
        *,
        most: int,
        url_seconds: int,
        recent: RecentContents | None = None,
    ) -> None:
        """Take contents of up to `most` bytes; give addresses good for so many seconds."""
        self._database = database
        self._blobs = blobs
        self._verified = Verified(blobs)
        self._clock = clock
        self._most = most
        self._url_seconds = url_seconds
        self._recent = recent or RecentContents()

    async def describe(self, digest: str) -> BlobRow:
        """Give what is known of a content. Raises NotFound."""
        if (held := self._recent.row(digest)) is not None:
            return held
        removals = self._recent.removals
        found = await self._database.read(lambda c: rows.find(c, digest))
        if found is None:
            raise NotFound("There is no content with this digest.")
        self._recent.hold_row(digest, found, since=removals)
        return found

    async def read(
        self, digest: str, size: int, start: int, end: int
    ) -> bytes | AsyncIterator[bytes]:
        """Give a part of a content that a row names: at once, or piece by piece if it is large.

        Raises Unavailable for a damaged or missing one.
        """
        if (held := self._recent.content(digest)) is not None:
            return held[start:end]
        try:
            if size > LARGEST:
                return await self._verified.read(digest, size, start, end)
            content = await self._blobs.get(digest)
        except NotFound as error:
            # Not the caller's mistake: what was acknowledged is gone, and someone has to know.
            _log.error("blob missing", digest=digest)
            message = "The stored content is missing and cannot be served."
            raise Unavailable(message, retry_after=3600) from error
        self._recent.hold(digest, content)
        return content[start:end]

    async def upload(
        self, digest: str, media_type: str, announced: int | None, chunks: AsyncIterator[bytes]
    ) -> BlobView:
        """Keep a content that comes in chunks, `announced` bytes of them if that is known.

        Raises InvalidInput when it has another digest, PayloadTooLarge; then nothing is kept.
        Raises ContentRemoved, after which it may be sent again.
        """
        if announced is not None and announced > self._most:
            self._refuse()
        size = await self._blobs.put_stream(digest, self._limited(chunks))
        created = await forgetting(
            self._database,
            lambda: self._database.write(lambda tx: rows.keep(tx, digest, size, media_type)),
        )
        return BlobView(digest=digest, size=size, media_type=media_type, created=created)

    async def url(self, digest: str) -> BlobUrlView:
        """Give an address where a content can be had without us.

        Raises NotFound, or BadRequest (NOT_SUPPORTED) where contents have no addresses.
        """
        found = await self.describe(digest)
        now = self._clock()
        headers = content_headers(digest, found.media_type)
        url = await self._blobs.url(digest, headers=headers, seconds=self._url_seconds)
        if url is None:
            raise BadRequest(
                "Contents are kept in files here, which have no address of their own: "
                f"read /v1/blobs/{digest}.",
                code=ErrorCode.NOT_SUPPORTED,
                status=501,
            )
        return BlobUrlView(url=url, expires_at=later(now, self._url_seconds))

    async def _limited(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > self._most:
                self._refuse()
            yield chunk

    def _refuse(self) -> NoReturn:
        raise PayloadTooLarge(f"The content is larger than {self._most} bytes.")
