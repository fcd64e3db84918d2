"""The bytes of schemas in memory, those used last."""

from collections import OrderedDict

__all__ = ["Contents"]


class Contents:
    """Keeps contents by their digest, at most so many bytes of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def get(self, digest: str) -> bytes | None:
        """Give the content of a digest, if it is kept."""
        content = self._kept.get(digest)
        if content is not None:
            self._kept.move_to_end(digest)
        return content

    def put(self, digest: str, content: bytes) -> None:
        """Keep a content, and let go of those that were not used for longest."""
        if digest in self._kept:
            return
        self._kept[digest] = content
        self._size += len(content)
        while self._size > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)
