"""Syncs of many files at once."""

import ctypes
import os
from collections.abc import Collection
from functools import cache
from pathlib import Path

from quaestor_artifact_store.fs_blobs.folders import sync

__all__ = ["sync_all"]

# Numbers of file systems (statfs(2)) on which syncfs is known to put everything on disk: ext4, XFS,
# Btrfs. On others, such as those in user space, it may do nothing.
_KNOWN = {0xEF53, 0x58465342, 0x9123683E}
_TELLS_ERRORS = (5, 8)  # the first Linux whose syncfs tells that something was not written


def sync_all(root: Path, files: Collection[Path]) -> None:
    """Put files, and the entries of their folders, on disk; those that are gone are left out.

    `root` is above all of them. Raises OSError.
    """
    if _has_syncfs(root):
        _syncfs(root)
        return
    for place in (*files, *{file.parent for file in files}):
        try:
            sync(place)
        except FileNotFoundError:
            continue


def _syncfs(root: Path) -> None:
    descriptor = os.open(root, os.O_RDONLY)
    try:
        if _libc().syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


@cache
def _has_syncfs(root: Path) -> bool:
    libc, told = _libc(), ctypes.create_string_buffer(256)
    if not (hasattr(libc, "syncfs") and hasattr(libc, "statfs")):
        return False
    release = tuple(int(part) for part in os.uname().release.split(".")[:2])
    if release < _TELLS_ERRORS or libc.statfs(os.fsencode(root), told) != 0:
        return False
    kind = int.from_bytes(told.raw[: ctypes.sizeof(ctypes.c_long)], "little")
    return kind in _KNOWN


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
