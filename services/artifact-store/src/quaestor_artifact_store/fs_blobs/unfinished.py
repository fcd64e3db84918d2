"""A file on its way to become a content."""

import contextlib
import os
import secrets
from pathlib import Path

from quaestor_artifact_store.fs_blobs.folders import Folders, sync

__all__ = ["UnfinishedFile"]


class UnfinishedFile:
    """A file that is being written. Its block leaves nothing behind unless `keep` was called."""

    def __init__(self, folders: Folders) -> None:
        folders.make()
        self._folders = folders
        self._place = folders.unfinished / secrets.token_hex(16)
        self._renamed = False
        try:
            self._file = self._place.open("xb", buffering=0)
        except FileNotFoundError:  # somebody has removed the folder
            folders.make(anew=True)
            self._file = self._place.open("xb", buffering=0)

    def __enter__(self) -> "UnfinishedFile":
        """Enter the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file, and remove it if it was not kept. Raises nothing."""
        with contextlib.suppress(OSError):
            self._file.close()
        if not self._renamed:
            with contextlib.suppress(OSError):
                self._place.unlink()

    def write(self, chunk: bytes) -> None:
        """Write on."""
        left = memoryview(chunk)
        while left:
            left = left[self._file.write(left) :]

    def keep(self, digest: str, *, packed: bool) -> None:
        """Sync it, give it its name, sync that: only then is it there for good.

        Whatever of it fails, nobody may rely on what is there, and a later put writes it anew.
        """
        os.fsync(self._file.fileno())
        place, other = self._give_name(digest, packed=packed)
        sync(place.parent)
        other.unlink(missing_ok=True)

    def place(self, digest: str, *, packed: bool) -> None:
        """Give it its name, without a sync: something else has to make sure of its content."""
        _, other = self._give_name(digest, packed=packed)
        other.unlink(missing_ok=True)

    def _give_name(self, digest: str, *, packed: bool) -> tuple[Path, Path]:
        """Give it its name; gives its place, and that of the content's other form."""
        plain, gzip = self._folders.places(digest)
        place, other = (gzip, plain) if packed else (plain, gzip)
        try:
            self._place.rename(place)
        except FileNotFoundError:
            self._folders.make(anew=True)
            self._place.rename(place)
        self._renamed = True
        return place, other
