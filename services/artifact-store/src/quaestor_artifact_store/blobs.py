"""Where contents are kept, by digest: the port. `fs_blobs` and `s3_blobs` are its adapters."""

from typing import Protocol

from quaestor_artifact_store.domain.content import digest_of
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["BlobStore", "checked"]

_log = get_logger(__name__)


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


def checked(digest: str, content: bytes) -> bytes:
    """Give content back if it has its digest. Raises Unavailable if a byte of it has changed."""
    if digest_of(content) != digest:
        _log.error("blob damaged", digest=digest, size=len(content))
        raise Unavailable("The stored content is damaged and is not served.", retry_after=3600)
    return content
