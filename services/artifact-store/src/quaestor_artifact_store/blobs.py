"""Where contents are kept, by digest: the port. `fs_blobs` and `s3_blobs` are its adapters."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from quaestor_artifact_store.domain.content import digest_of
from quaestor_shared.errors import NotFound, Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["WHOLE", "BlobStore", "Damaged", "KeptBlob", "absent", "checked"]

_log = get_logger(__name__)
WHOLE = 1_048_576  # bytes: up to this size a content is handled whole, a larger one in pieces


class KeptBlob(NamedTuple):
    """A content that a store has: the bytes it takes there, and when it was last put (UTC)."""

    digest: str
    stored_size: int
    put_at: datetime


class BlobStore(Protocol):
    """Keeps contents under their SHA-256 digest. What was put stays as it is.

    Each method raises Unavailable when the store does not answer; its code is STORAGE_FULL when
    there is no room.
    """

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content, durably when this returns.

        Putting it again is no error: that mends it where it was damaged, and dates it anew.
        """

    async def put_stream(self, digest: str, chunks: AsyncIterator[bytes]) -> int:
        """Keep a content that comes in chunks, and give its size in bytes.

        Raises InvalidInput (DIGEST_MISMATCH) when it has another digest, and whatever `chunks`
        raises; then nothing is kept.
        """

    async def get(self, digest: str) -> bytes:
        """Give a content whose digest was checked.

        Raises NotFound where there is none, Damaged for one that no longer has its digest.
        """

    async def get_range(self, digest: str, start: int, end: int) -> bytes:
        """Give a content's bytes from `start` up to `end`, fewer where it ends before.

        They are not checked, because a digest is of the whole: `verified` does that. Raises
        NotFound where there is no such content.
        """

    async def size(self, digest: str) -> int | None:
        """Give a content's size in bytes, without reading it; None where there is none."""

    async def delete(self, digest: str, *, put_before: datetime | None = None) -> bool:
        """Remove a content; with `put_before` only if it was last put before then.

        Says whether it was removed.
        """

    async def page(self, after: str, limit: int) -> list[KeptBlob]:
        """List up to `limit` contents with a greater digest than `after`, in their order."""

    async def url(self, digest: str, *, headers: Mapping[str, str], seconds: int) -> str | None:
        """Give an address from which anyone can download a content for so many seconds.

        `headers` are the Content-Type and Content-Disposition to answer with. None means that
        this kind of store has no such addresses.
        """

    async def discard_unfinished(self, before: datetime) -> int:
        """Remove what writes that were cut off before then have left, and say how many those were.

        Nothing of it was ever readable.
        """

    async def check(self) -> None:
        """Raise Unavailable when the store does not answer."""

    async def close(self) -> None:
        """Let go of threads and connections."""


class Damaged(Unavailable):
    """A content no longer has its digest. It is logged, and nothing of it is served."""

    def __init__(self, digest: str) -> None:
        super().__init__("The stored content is damaged and is not served.", retry_after=3600)
        _log.error("blob damaged", digest=digest)


def checked(digest: str, content: bytes) -> bytes:
    """Give content back if it has its digest. Raises Damaged if a byte of it has changed."""
    if digest_of(content) != digest:
        raise Damaged(digest)
    return content


def absent() -> NotFound:
    """Give the error for a digest under which nothing is kept."""
    return NotFound("There is no content with this digest.")
