"""What the file store does, in threads: it blocks."""

import contextlib
import errno
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from quaestor_artifact_store.blobs import WHOLE, Damaged, KeptBlob, absent, checked
from quaestor_artifact_store.domain.packing import packed, unpacked
from quaestor_artifact_store.fs_blobs.folders import Folders
from quaestor_artifact_store.fs_blobs.journal import Journal, Stored
from quaestor_artifact_store.fs_blobs.syncs import sync_all
from quaestor_artifact_store.fs_blobs.unfinished import UnfinishedFile

__all__ = ["Files"]

_REMOVED = ".removed"


class Files:
    """Contents below a root: `ab/abcd...` as it is, or `ab/abcd....gz`. Raises OSError."""

    def __init__(self, root: Path) -> None:
        self.folders = Folders(root)

    def put(self, digest: str, content: bytes) -> None:
        """Write a content, synced.

        It is written even if it is there: what is there may be damaged, or not be synced, because
        whoever wrote it crashed or failed; and to be sure would cost as much.
        """
        self.put_stored(self.stored(digest, content))

    def put_stored(self, content: Stored) -> None:
        """Write a content that is packed already where it should be, synced."""
        with self.begin() as file:
            file.write(content.stored)
            file.keep(content.digest, packed=content.packed)

    def stored(self, digest: str, content: bytes) -> Stored:
        """Give what a content's file will have."""
        smaller = packed(content) if len(content) <= WHOLE else None
        return Stored(digest, smaller is not None, content if smaller is None else smaller)

    def begin_journal(self) -> Journal:
        """Begin a journal, for contents to be written to before they are placed."""
        self.folders.make()
        try:
            return Journal(self.folders)
        except FileNotFoundError:  # somebody has removed the folders
            self.folders.make(anew=True)
            return Journal(self.folders)

    def place(self, content: Stored) -> None:
        """Write a content that is in a journal, without a sync."""
        with self.begin() as file:
            file.write(content.stored)
            file.place(content.digest, packed=content.packed)

    def sync(self, digests: Sequence[str]) -> None:
        """Sync the files that contents were placed in, whatever their form."""
        both = [place for digest in digests for place in self.folders.places(digest)]
        sync_all(self.folders.root, both)

    def begin(self) -> UnfinishedFile:
        """Begin a file that is not readable before it is whole."""
        return UnfinishedFile(self.folders)

    def get(self, digest: str) -> bytes:
        """Read a content and check its digest."""
        plain, gzip = self.folders.places(digest)
        try:
            return checked(digest, unpacked(gzip.read_bytes(), WHOLE))
        except ValueError as error:
            raise Damaged(digest) from error
        except FileNotFoundError:
            pass
        try:
            return checked(digest, plain.read_bytes())
        except FileNotFoundError:
            raise absent() from None

    def get_range(self, digest: str, start: int, end: int) -> bytes:
        """Read a part of a content."""
        try:
            with self.folders.places(digest)[0].open("rb") as file:
                file.seek(start)
                return file.read(max(end - start, 0))
        except FileNotFoundError:
            return self.get(digest)[start:end]

    def size(self, digest: str) -> int | None:
        """Tell a content's size."""
        plain, gzip = self.folders.places(digest)
        with contextlib.suppress(FileNotFoundError):
            return plain.stat().st_size
        try:
            return int.from_bytes(gzip.read_bytes()[-4:], "little")  # RFC 1952, 2.3.1: ISIZE
        except FileNotFoundError:
            return None

    def delete(self, digest: str, put_before: datetime | None) -> bool:
        """Remove a content, in each of its forms, unless it was put again meanwhile."""
        plain, gzip = (self._remove(place, put_before) for place in self.folders.places(digest))
        return plain or gzip

    def page(self, after: str, limit: int) -> list[KeptBlob]:
        """List contents in the order of their digests."""
        listed: list[KeptBlob] = []
        for folder in self.folders.shards(after):
            if len(listed) == limit:
                break
            listed += _contents_of(folder, after)[: limit - len(listed)]
        return listed

    def discard_unfinished(self, before: datetime) -> int:
        """Remove files that nobody has written to since then, and undo removals cut off."""
        count = 0
        with contextlib.suppress(FileNotFoundError):
            for file in self.folders.unfinished.iterdir():
                if file.suffix == _REMOVED:
                    file.rename(self.folders.place_of(file.stem))
                elif _time(file.stat()) < before:
                    file.unlink()
                    count += 1
        return count

    def check(self) -> None:
        """Raise OSError when the folder cannot be written to."""
        self.folders.make()
        if not os.access(self.folders.unfinished, os.W_OK):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    def _remove(self, place: Path, before: datetime | None) -> bool:
        """Remove a file if it is old enough, also when it is put again in this very moment.

        It is looked at once more under a name at which nobody puts anything. A crash in between
        leaves it there, and `discard_unfinished` gives it its name back.
        """
        aside = self.folders.unfinished / f"{place.name}{_REMOVED}"
        with contextlib.suppress(FileNotFoundError):
            if before is not None and _time(place.stat()) >= before:
                return False
            place.rename(aside)
            if before is not None and _time(aside.stat()) >= before:
                aside.rename(place)
                return False
            aside.unlink()
            return True
        return False


def _contents_of(folder: Path, after: str) -> list[KeptBlob]:
    found: dict[str, KeptBlob] = {}
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            digest = f"sha256:{entry.name.partition('.')[0]}"
            if digest > after:
                with contextlib.suppress(FileNotFoundError):  # removed since it was listed
                    stat = entry.stat()
                    found[digest] = KeptBlob(digest, stat.st_size, _time(stat))
    return [found[digest] for digest in sorted(found)]


def _time(stat: os.stat_result) -> datetime:
    return datetime.fromtimestamp(stat.st_mtime, UTC)
