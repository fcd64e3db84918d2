"""The BlobStore of files."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from quaestor_artifact_store.blobs import WHOLE, KeptBlob
from quaestor_artifact_store.fs_blobs.files import Files
from quaestor_artifact_store.fs_blobs.gathering import Gathering
from quaestor_artifact_store.fs_blobs.journal import AVAILABLE
from quaestor_artifact_store.fs_blobs.settling import replay
from quaestor_artifact_store.fs_blobs.unfinished import UnfinishedFile
from quaestor_artifact_store.threads import Threads
from quaestor_artifact_store.uploads import upload
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["FileBlobs"]

T = TypeVar("T")
_log = get_logger(__name__)
_SMALL = 65_536  # bytes: a content that is worth writing twice to sync it with others
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FileBlobs:
    """A BlobStore in a folder.

    Small contents that are put at the same time are kept together (`gathering`). Each other put
    syncs on a thread of its own: the file system joins syncs that wait at the same time, so more
    threads are more puts a second (docs/performance.md).
    """

    def __init__(self, root: Path, *, threads: int = 32) -> None:
        """Open the store, and put again what a crash has left half-way."""
        self._files = Files(root)
        self._threads = Threads(threads, "blobs")
        self._gathering = Gathering(self._files)
        replay(self._files)

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content."""
        if len(content) > _SMALL or not AVAILABLE:
            await self.writing(lambda: self._files.put(digest, content))
            return
        with _disk_troubles():
            await self._gathering.put(digest, content)

    async def put_stream(self, digest: str, chunks: AsyncIterator[bytes]) -> int:
        """Keep a content that comes in chunks."""
        return await upload(digest, chunks, piece=WHOLE, put=self.put, begin=self._begin)

    async def get(self, digest: str) -> bytes:
        """Give a content, its digest checked."""
        return await self._read(lambda: self._files.get(digest))

    async def get_range(self, digest: str, start: int, end: int) -> bytes:
        """Give a part of a content, unchecked."""
        return await self._read(lambda: self._files.get_range(digest, start, end))

    async def size(self, digest: str) -> int | None:
        """Give a content's size."""
        return await self._read(lambda: self._files.size(digest))

    async def delete(self, digest: str, *, put_before: datetime | None = None) -> bool:
        """Remove a content."""
        return await self.writing(lambda: self._files.delete(digest, put_before))

    async def page(self, after: str, limit: int) -> list[KeptBlob]:
        """List contents."""
        return await self._read(lambda: self._files.page(after, limit))

    async def url(
        self,
        digest: str,  # noqa: ARG002 - the port's signature
        *,
        headers: Mapping[str, str],  # noqa: ARG002 - the port's signature
        seconds: int,  # noqa: ARG002 - the port's signature
    ) -> str | None:
        """Give none: a file has no address."""
        return None

    async def discard_unfinished(self, before: datetime) -> int:
        """Remove temporary files that nobody writes to any more."""
        return await self.writing(lambda: self._files.discard_unfinished(before))

    async def check(self) -> None:
        """Raise Unavailable when the folder cannot be written to."""
        await self.writing(self._files.check)

    async def close(self) -> None:
        """End the threads."""
        await asyncio.to_thread(self._gathering.close)
        self._threads.close()

    async def _begin(self, digest: str) -> "_FileUpload":
        return _FileUpload(self, await self.writing(self._files.begin), digest)

    async def _read(self, call: Callable[[], T]) -> T:
        try:
            return await self._threads.run(call)
        except OSError as error:
            _log.error("blobs not read", exc_info=error)
            raise Unavailable("The content cannot be read right now.") from error

    async def writing(self, call: Callable[[], T]) -> T:
        """Run a call that writes. Raises Unavailable for what the disk does."""
        with _disk_troubles():
            return await self._threads.run(call)


class _FileUpload:
    def __init__(self, store: FileBlobs, file: UnfinishedFile, digest: str) -> None:
        self._store = store
        self._file = file
        self._digest = digest

    async def write(self, piece: bytes) -> None:
        await self._store.writing(lambda: self._file.write(piece))

    async def keep(self) -> None:
        with self._file:
            await self._store.writing(lambda: self._file.keep(self._digest, packed=False))

    async def abandon(self) -> None:
        self._file.close()


@contextmanager
def _disk_troubles() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _log.error("blobs not written", exc_info=error)
        raise _unwritten(error) from error


def _unwritten(error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable(
            "The disk is full; nothing was stored.", code=ErrorCode.STORAGE_FULL, status=507
        )
    if error.errno == errno.EROFS:
        return Unavailable("The disk is read-only; nothing was stored.", retry_after=60)
    return Unavailable("The content could not be stored; try again.")
