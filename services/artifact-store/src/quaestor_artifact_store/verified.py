"""Contents in parts that are checked, though a digest is only of the whole.

A large content is read once as a whole, piece by piece, and its digest is checked. The SHA-256 of
each piece that this yields is remembered. From then on a piece is hashed whenever it is read, and
is given away only if it is still the same: what changes on the disk later is found too.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator

from quaestor_artifact_store.blobs import WHOLE, BlobStore, Damaged

__all__ = ["Verified", "read_whole"]

_REMEMBERED = 1024  # contents, at 32 bytes for each MiB of one


class Verified:
    """Reads parts of contents from a blob store; each byte is checked before it is given away."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._known: OrderedDict[str, list[bytes]] = OrderedDict()
        self._reading: dict[str, asyncio.Lock] = {}

    async def read(
        self, digest: str, size: int, start: int, end: int
    ) -> bytes | AsyncIterator[bytes]:
        """Give the bytes from `start` up to `end` of a content of `size` bytes.

        Those of a small content come at once, those of a large one piece by piece. Raises
        NotFound, and Damaged, also between two pieces.
        """
        if size <= WHOLE:
            return (await self._blobs.get(digest))[start:end]
        return self._pieces(digest, await self._hashes(digest), start, end)

    async def _hashes(self, digest: str) -> list[bytes]:
        """Give the hashes of a content's pieces. One reads the content, others wait for that."""
        try:
            async with self._reading.setdefault(digest, asyncio.Lock()):
                if digest not in self._known:
                    self._known[digest] = await read_whole(self._blobs, digest)
                    if len(self._known) > _REMEMBERED:
                        self._known.popitem(last=False)
                self._known.move_to_end(digest)
                return self._known[digest]
        finally:
            self._reading.pop(digest, None)

    async def _pieces(
        self, digest: str, hashes: list[bytes], start: int, end: int
    ) -> AsyncIterator[bytes]:
        for number in range(start // WHOLE, -(-end // WHOLE)):
            first = number * WHOLE
            piece = await self._blobs.get_range(digest, first, first + WHOLE)
            if (await asyncio.to_thread(hashlib.sha256, piece)).digest() != hashes[number]:
                raise Damaged(digest)
            yield piece[max(start - first, 0) : end - first]


async def read_whole(blobs: BlobStore, digest: str) -> list[bytes]:
    """Read a content in pieces, check its digest, and give the SHA-256 of each piece.

    Raises NotFound, Damaged, Unavailable.
    """
    whole, hashes = hashlib.sha256(), []
    piece = await blobs.get_range(digest, 0, WHOLE)
    while piece:
        await asyncio.to_thread(whole.update, piece)
        hashes.append((await asyncio.to_thread(hashlib.sha256, piece)).digest())
        if len(piece) < WHOLE:
            break
        first = len(hashes) * WHOLE
        piece = await blobs.get_range(digest, first, first + WHOLE)
    if f"sha256:{whole.hexdigest()}" != digest:
        raise Damaged(digest)
    return hashes
