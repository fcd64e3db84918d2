"""Contents as files, in folders by the first digits of their digest."""

import asyncio
import contextlib
import errno
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from quaestor_artifact_store.blobs import checked
from quaestor_artifact_store.domain.content import digest_of
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import NotFound, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["FileBlobs"]

_log = get_logger(__name__)
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FileBlobs:
    """A BlobStore in a folder. A file appears whole, by rename, and stays: all is synced."""

    def __init__(self, root: Path, *, threads: int = 4) -> None:
        self._root = root
        self._synced: set[Path] = set()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="blobs")

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._put, digest, content)

    async def get(self, digest: str) -> bytes:
        """Give a content, its digest checked."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._get, digest)

    async def check(self) -> None:
        """Raise Unavailable when the folder cannot be written to."""
        self._root.mkdir(parents=True, exist_ok=True)
        if not os.access(self._root, os.W_OK):
            raise Unavailable("The blob store cannot be written to.")

    async def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def _place(self, digest: str) -> Path:
        digits = digest.removeprefix("sha256:")
        return self._root / digits[:2] / digits[2:4] / digits

    def _put(self, digest: str, content: bytes) -> None:
        place = self._place(digest)
        try:
            self._make_folders(place.parent)
            if not _is_whole(place, digest):  # a damaged file is mended by who has the content
                self._write(place, content)
            # Also for a file that was there: whoever renamed it may not have come to sync the
            # folder, or may have failed to, and a row is about to name it.
            _sync_folder(place.parent)
        except OSError as error:
            _log.error("blob not written", digest=digest, exc_info=error)
            if error.errno in _FULL:
                raise Unavailable(
                    "The disk is full; nothing was stored.",
                    code=ErrorCode.STORAGE_FULL,
                    status=507,
                ) from error
            raise Unavailable("The content could not be stored; try again.") from error

    def _write(self, place: Path, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).rename(place)
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise

    def _make_folders(self, folder: Path) -> None:
        """Make the folders from the root down, each synced into its parent once per process."""
        if folder in self._synced:
            return
        for level in (self._root, folder.parent, folder):
            level.mkdir(parents=True, exist_ok=True)
            _sync_folder(level.parent)
        self._synced.add(folder)

    def _get(self, digest: str) -> bytes:
        try:
            content = self._place(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("There is no content with this digest.") from error
        except OSError as error:
            _log.error("blob not read", digest=digest, exc_info=error)
            raise Unavailable("The content cannot be read right now.") from error
        return checked(digest, content)


def _is_whole(place: Path, digest: str) -> bool:
    try:
        return digest_of(place.read_bytes()) == digest
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
