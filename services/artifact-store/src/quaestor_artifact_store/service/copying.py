"""Contents of one store into another: what is there and whole already is left as it is."""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import NamedTuple

from quaestor_artifact_store.blobs import WHOLE, BlobStore, Damaged, KeptBlob
from quaestor_artifact_store.service.parallel import for_each
from quaestor_artifact_store.verified import read_whole
from quaestor_shared.errors import InvalidInput, NotFound

__all__ = ["Copied", "Fate", "copy_content", "copy_contents"]

_PAGE = 500


class Fate(StrEnum):
    """What became of a content: `damaged` ones are not copied."""

    COPIED = "copied"
    THERE = "there"
    DAMAGED = "damaged"
    GONE = "gone"


class Copied(NamedTuple):
    """A content that was dealt with, and the bytes that it takes where it comes from."""

    digest: str
    size: int
    fate: Fate


async def copy_contents(
    source: BlobStore, target: BlobStore, tell: Callable[[Copied], None]
) -> None:
    """Copy every content of a store into another, and tell of each.

    What is copied is read back and hashed, and so is what is there already: run again, this goes
    on where it was broken off. Raises Unavailable when a store does not answer.
    """

    async def one(found: KeptBlob) -> None:
        fate = await copy_content(source, target, found.digest)
        tell(Copied(found.digest, found.stored_size, fate))

    after = ""
    while page := await source.page(after, _PAGE):
        await for_each(page, one)
        after = page[-1].digest


async def copy_content(source: BlobStore, target: BlobStore, digest: str) -> Fate:
    """Copy one content and read it back, and say what became of it. Raises Unavailable."""
    try:
        await read_whole(target, digest)
        return Fate.THERE
    except (NotFound, Damaged):
        pass
    try:
        await target.put_stream(digest, _pieces(source, digest))
    except NotFound:  # removed since it was listed
        return Fate.GONE
    except (InvalidInput, Damaged):
        return Fate.DAMAGED
    await read_whole(target, digest)
    return Fate.COPIED


async def _pieces(blobs: BlobStore, digest: str) -> AsyncIterator[bytes]:
    start, piece = 0, await blobs.get_range(digest, 0, WHOLE)
    while piece:
        yield piece
        start += len(piece)
        piece = await blobs.get_range(digest, start, start + WHOLE)
