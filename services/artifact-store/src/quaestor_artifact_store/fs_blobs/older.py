"""Contents where the first versions of this store put them: two levels deep, `ab/cd/abcd...`."""

import contextlib
import os
import re
from pathlib import Path

__all__ = ["bring_up"]

_DEEPER = re.compile(r"[0-9a-f]{2}")
_CONTENT = re.compile(r"[0-9a-f]{64}")


def bring_up(shard: Path) -> bool:
    """Move the contents in folders below a shard into it, and say whether there were any.

    Raises OSError. What is cut off is gone on with the next time, and several may do it at once.
    """
    with os.scandir(shard) as entries:
        folders = [
            Path(entry.path)
            for entry in entries
            if _DEEPER.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        ]
    for folder in folders:
        for file in folder.iterdir():
            if _CONTENT.fullmatch(file.name):
                with contextlib.suppress(FileNotFoundError):  # another process was quicker
                    file.rename(shard / file.name)
        with contextlib.suppress(OSError):  # something else is in it, which is not ours to remove
            folder.rmdir()
    return bool(folders)
