"""The folders that contents lie in, and what it takes that a crash does not empty them."""

import contextlib
import os
import threading
from pathlib import Path

from quaestor_artifact_store.fs_blobs.older import bring_up

__all__ = ["Folders", "sync"]

_SHARDS = tuple(f"{number:02x}" for number in range(256))
_UNFINISHED = ".unfinished"
_JOURNALS = ".journals"


class Folders:
    """The root, two folders for what is being written, and 256 by the first digits of a digest.

    One level of them is enough: a million contents are 4,000 in each. A second would mean a new
    folder for nearly every content of a young store, and making one costs more than a file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unfinished = root / _UNFINISHED
        self.journals = root / _JOURNALS
        self._made = False
        self._flat = False
        self._making = threading.Lock()

    def make(self, *, anew: bool = False) -> None:
        """Make what is missing, synced; once, or `anew` when somebody has removed a folder."""
        self._bring_up()
        with self._making:
            if self._made and not anew:
                return
            self._made = False
            above = [level for level in self.root.absolute().parents if not level.exists()]
            self.unfinished.mkdir(parents=True, exist_ok=True)
            for name in (_JOURNALS, *_SHARDS):
                (self.root / name).mkdir(exist_ok=True)
            for level in (self.root, self.root.parent, *(made.parent for made in above)):
                sync(level)
            self._made = True

    def places(self, digest: str) -> tuple[Path, Path]:
        """Give where a content lies as it is, and where as gzip."""
        self._bring_up()
        digits = digest.removeprefix("sha256:")
        return self.place_of(digits), self.place_of(f"{digits}.gz")

    def place_of(self, name: str) -> Path:
        """Give where a file of this name lies."""
        return self.root / name[:2] / name

    def shards(self, after: str) -> list[Path]:
        """List the folders of contents, from that of a digest on, in their order."""
        self._bring_up()
        first = after.removeprefix("sha256:")[:2]
        return [self.root / name for name in _SHARDS if name >= first]

    def _bring_up(self) -> None:
        """Move contents to where they are looked for, once, in a store that an old version made.

        Those versions had no folder for what is unfinished.
        """
        if self._flat:
            return
        with self._making:
            if self.root.exists() and not self.unfinished.exists():
                for shard in (self.root / name for name in _SHARDS):
                    if shard.exists() and bring_up(shard):
                        sync(shard)
                with contextlib.suppress(OSError):  # who only may read looks again the next time
                    self.unfinished.mkdir(exist_ok=True)
            self._flat = True


def sync(folder: Path) -> None:
    """Put a folder's entries on disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
