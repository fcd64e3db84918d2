"""A journal: a file that many contents are written to together, so that one sync is for all.

Each record is a head and the content as it will be stored. What a crash has cut off at the end
was never acknowledged, and is left out when a journal is read.

A journal is locked by the process that writes it (flock), for as long as that lives; so another
one can tell those that a crash has left.
"""

import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from quaestor_artifact_store.fs_blobs.folders import Folders, sync

try:
    import fcntl
except ImportError:  # not a POSIX system: there are no journals
    fcntl = None  # type: ignore[assignment]  # the module, or nothing

__all__ = ["AVAILABLE", "Journal", "Stored", "left_behind", "read"]

AVAILABLE = fcntl is not None
# A mark, the checksum of all that follows, the digest, whether the content is packed, its size.
_HEAD = struct.Struct("<4sI32s?I")
_MARK, _CHECKED = b"QBJ1", 8


class Stored(NamedTuple):
    """A content as it lies in a file."""

    digest: str
    packed: bool
    stored: bytes


class Journal:
    """A journal that is written. Raises OSError."""

    def __init__(self, folders: Folders) -> None:
        name = secrets.token_hex(16)
        made = folders.unfinished / name
        self.place = folders.journals / name
        self.digests: list[str] = []
        self.size = 0
        self._descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            made.rename(self.place)  # nobody sees it before it is locked
            sync(folders.journals)
        except BaseException:
            for place in (made, self.place):
                place.unlink(missing_ok=True)
            os.close(self._descriptor)
            raise

    def write(self, contents: Sequence[Stored]) -> None:
        """Write contents; they are on disk when this returns. After an error write no more."""
        records = b"".join(map(_record, contents))
        left = memoryview(records)
        while left:
            left = left[os.write(self._descriptor, left) :]
        os.fdatasync(self._descriptor)
        self.size += len(records)
        self.digests += [each.digest for each in contents]

    def remove(self) -> None:
        """Remove it: its contents have files of their own, on disk."""
        self.place.unlink(missing_ok=True)
        os.close(self._descriptor)


def left_behind(folders: Folders) -> Iterator[Path]:
    """Give the journals that nobody writes any more; each is locked until the next is asked for."""
    if not AVAILABLE or not folders.journals.exists():
        return
    for place in sorted(folders.journals.iterdir()):
        with place.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield place


def read(place: Path) -> Iterator[Stored]:
    """Read a journal up to its end, or to where it was cut off."""
    written = place.read_bytes()
    at = 0
    while at + _HEAD.size <= len(written):
        mark, checksum, digest, packed, size = _HEAD.unpack_from(written, at)
        start = at + _HEAD.size
        stored = written[start : start + size]
        if mark != _MARK or checksum != zlib.crc32(written[at + _CHECKED : start + size]):
            return
        yield Stored(f"sha256:{digest.hex()}", packed, stored)
        at = start + size


def _record(content: Stored) -> bytes:
    digest = bytes.fromhex(content.digest.removeprefix("sha256:"))
    head = _HEAD.pack(_MARK, 0, digest, content.packed, len(content.stored))
    checksum = zlib.crc32(content.stored, zlib.crc32(head[_CHECKED:]))
    return head[:4] + struct.pack("<I", checksum) + head[_CHECKED:] + content.stored
