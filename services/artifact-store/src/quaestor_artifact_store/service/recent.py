"""Contents that were read lately, and their rows, in memory.

A content is named by its digest, which was checked when it was read, so what is held is right for
good: a file that is damaged later is not served, though it is noticed only when it is read again.
Whether a content may be read at all is said by its row. That is held where no other process can
change it, and dropped before this one marks contents as garbage.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from quaestor_artifact_store.repository.rows import BlobRow

__all__ = ["LARGEST", "RecentContents"]

LARGEST = 65_536  # bytes: beside reading and sending a larger one, a file costs little
_ROWS = 10_000


class RecentContents:
    """Holds contents of up to `most` bytes together, each of up to LARGEST; the oldest go first."""

    def __init__(self, most: int = 0, *, rows: bool = False) -> None:
        """Hold `rows` too, or none."""
        self._most = most
        self._most_rows = _ROWS if rows and most else 0
        self._contents: OrderedDict[str, bytes] = OrderedDict()
        self._rows: OrderedDict[str, BlobRow] = OrderedDict()
        self._size = 0
        self._removing = 0
        self._removals = 0

    def row(self, digest: str) -> BlobRow | None:
        """Give a content's row, if it is here."""
        row = self._rows.get(digest)
        if row is not None:
            self._rows.move_to_end(digest)
        return row

    def content(self, digest: str) -> bytes | None:
        """Give a content, if it is here."""
        content = self._contents.get(digest)
        if content is not None:
            self._contents.move_to_end(digest)
        return content

    @property
    def removals(self) -> int:
        """How many removals have ended: to be asked before a row is read that is to be held."""
        return self._removals

    def hold_row(self, digest: str, row: BlobRow, *, since: int) -> None:
        """Hold a row that was read after `removals` was `since`."""
        if self._removing or since != self._removals:
            return  # it may be that of a content which is garbage since
        self._rows[digest] = row
        if len(self._rows) > self._most_rows:
            self._rows.popitem(last=False)

    def hold(self, digest: str, content: bytes) -> None:
        """Hold a content whose digest was checked."""
        if len(content) > LARGEST or digest in self._contents:
            return
        self._contents[digest] = content
        self._size += len(content)
        while self._size > self._most:
            _, dropped = self._contents.popitem(last=False)
            self._size -= len(dropped)

    @contextmanager
    def removal(self) -> Iterator[None]:
        """Hold nothing while contents are being marked as garbage.

        That stays so if the block ends early: the database may still do what it was told.
        """
        self._removing += 1
        self._forget()
        yield
        self._removing -= 1
        self._removals += 1

    def _forget(self) -> None:
        self._rows.clear()
        self._contents.clear()
        self._size = 0
