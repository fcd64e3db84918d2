"""Where contents are kept, by digest: the port. `fs_blobs` and `s3_blobs` are its adapters."""

from typing import Protocol

__all__ = ["BlobStore"]


class BlobStore(Protocol):
    """Keeps contents under their SHA-256 digest. What was put stays as it is."""

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content, durably when this returns; again is no error. Raises Unavailable."""

    async def get(self, digest: str) -> bytes:
        """Give a content whose digest was checked.

        Raises NotFound where there is none, Unavailable for one that no longer has its digest.
        """

    async def check(self) -> None:
        """Raise Unavailable when the store does not answer."""

    async def close(self) -> None:
        """Let go of threads and connections."""
