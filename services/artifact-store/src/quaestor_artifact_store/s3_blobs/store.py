"""The BlobStore of a bucket."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from quaestor_artifact_store.blobs import KeptBlob, absent, checked
from quaestor_artifact_store.s3_blobs.bucket import Bucket, Parts
from quaestor_artifact_store.s3_blobs.client import Client
from quaestor_artifact_store.s3_blobs.options import S3Options
from quaestor_artifact_store.threads import Threads
from quaestor_artifact_store.uploads import upload
from quaestor_shared.errors import NotFound, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["S3Blobs"]

T = TypeVar("T")
_log = get_logger(__name__)
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_UNWRITTEN = "nothing was stored"
_UNREAD = "the content cannot be read right now"


class S3Blobs:
    """A BlobStore in a bucket, with as many connections as threads.

    Objects are the contents as they are, so that whoever has a signed address gets just that.
    """

    def __init__(self, options: S3Options, *, threads: int = 32) -> None:
        self._options = options
        self._client = Client(options, connections=threads)
        self._bucket = Bucket(self._client, options)
        self._threads = Threads(threads, "s3")

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content."""
        await self.run(lambda: self._bucket.put(digest, content), _UNWRITTEN)

    async def put_stream(self, digest: str, chunks: AsyncIterator[bytes]) -> int:
        """Keep a content that comes in chunks, in parts where it is large."""
        piece = self._options.multipart_bytes
        return await upload(digest, chunks, piece=piece, put=self.put, begin=self._begin)

    async def get(self, digest: str) -> bytes:
        """Give a content, its digest checked."""
        return checked(digest, await self._read(lambda: self._bucket.get(digest)))

    async def get_range(self, digest: str, start: int, end: int) -> bytes:
        """Give a part of a content, unchecked."""
        if end <= start:
            return b""
        return await self._read(lambda: self._bucket.get_range(digest, start, end))

    async def size(self, digest: str) -> int | None:
        """Give a content's size."""
        with suppress(NotFound):
            return await self._read(lambda: self._bucket.size(digest))
        return None

    async def delete(self, digest: str, *, put_before: datetime | None = None) -> bool:
        """Remove a content.

        Between the look at its time and the removal is a moment in which a put would be lost: S3
        has no removal under such a condition.
        """
        with suppress(NotFound):
            put_at = await self._read(lambda: self._bucket.put_at(digest))
            if put_before is None or put_at < put_before:
                await self.run(lambda: self._bucket.delete(digest), "nothing was removed")
                return True
        return False

    async def page(self, after: str, limit: int) -> list[KeptBlob]:
        """List contents."""
        return await self._read(lambda: self._bucket.page(after, limit))

    async def url(self, digest: str, *, headers: Mapping[str, str], seconds: int) -> str | None:
        """Give a signed address."""
        return await self._read(lambda: self._bucket.url(digest, headers, seconds))

    async def discard_unfinished(self, before: datetime) -> int:
        """Abort uploads in parts that were begun before then."""
        call = self._bucket.discard_unfinished
        return await self.run(lambda: call(before), "unfinished uploads stay for now")

    async def check(self) -> None:
        """Raise Unavailable when the bucket does not answer."""
        await self.run(self._bucket.head, "see that the bucket is there and open to us")

    async def close(self) -> None:
        """End the threads and the connections."""
        self._threads.close()
        self._client.close()

    async def _begin(self, digest: str) -> "_PartsUpload":
        return _PartsUpload(self, await self.run(lambda: self._bucket.begin(digest), _UNWRITTEN))

    async def _read(self, call: Callable[[], T]) -> T:
        return await self.run(call, _UNREAD)

    async def run(self, call: Callable[[], T], meaning: str) -> T:
        """Run a call. Raises Unavailable, saying what its failure means, or NotFound for a read."""
        return await self._threads.run(lambda: self._called(call, meaning))

    def _called(self, call: Callable[[], T], meaning: str) -> T:
        # In a thread, for botocore is slow to import.
        from botocore.exceptions import BotoCoreError, ClientError

        bucket = self._options.bucket
        try:
            return call()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _ABSENT and meaning == _UNREAD:
                raise absent() from error
            _log.error("bucket refused", code=code, bucket=bucket, reason=str(error))
            raise Unavailable(f"The blob store refused; {meaning}.") from error
        except (BotoCoreError, OSError) as error:
            _log.error("bucket unreachable", bucket=bucket, reason=str(error))
            raise Unavailable(f"The blob store does not answer; {meaning}.") from error


class _PartsUpload:
    def __init__(self, store: S3Blobs, parts: Parts) -> None:
        self._store = store
        self._parts = parts

    async def write(self, piece: bytes) -> None:
        await self._store.run(lambda: self._parts.write(piece), _UNWRITTEN)

    async def keep(self) -> None:
        await self._store.run(self._parts.keep, _UNWRITTEN)

    async def abandon(self) -> None:
        with suppress(Unavailable):  # logged; `discard_unfinished` finds it later
            await self._store.run(self._parts.abandon, "parts of an upload stay behind")
