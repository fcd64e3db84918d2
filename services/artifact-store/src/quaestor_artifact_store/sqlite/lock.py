"""One process per database: SQLite before 3.51.3 can damage a WAL that two connections write to.

The lock is the operating system's (flock), so it ends with the process, however that ends.
"""

import os
import time
from pathlib import Path

from quaestor_shared.errors import Unavailable

try:
    import fcntl
except ImportError:  # not a POSIX system: nothing guards against a second process there
    fcntl = None  # type: ignore[assignment]  # the module, or nothing

__all__ = ["FolderLock"]


class FolderLock:
    """Holds a folder for this process until `release`."""

    def __init__(self, file: Path, *, patience_s: float) -> None:
        """Take the lock, waiting for a process that is just ending. Raises Unavailable."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience_s
        while not self._take():
            if time.monotonic() > deadline:
                os.close(self._descriptor)
                raise Unavailable(f"Another process uses {file.parent}; end it first.")
            time.sleep(0.02)

    def release(self) -> None:
        """Let others have the folder."""
        os.close(self._descriptor)

    def _take(self) -> bool:
        if fcntl is None:
            return True
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
