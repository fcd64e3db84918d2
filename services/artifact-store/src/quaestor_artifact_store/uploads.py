"""A content that comes in chunks, on its way into a blob store."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Protocol

from quaestor_artifact_store.domain.content import digest_of
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["Upload", "pieces", "upload"]


class Upload(Protocol):
    """What a store has begun to write, and nobody can read yet."""

    async def write(self, piece: bytes) -> None:
        """Write the next piece."""

    async def keep(self) -> None:
        """Make it a content, durably when this returns."""

    async def abandon(self) -> None:
        """Leave nothing of it behind. Raises nothing."""


async def upload(
    digest: str,
    chunks: AsyncIterator[bytes],
    *,
    piece: int,
    put: Callable[[str, bytes], Awaitable[None]],
    begin: Callable[[str], Awaitable[Upload]],
) -> int:
    """Write a stream under its digest, which is checked before it can be read; give its size.

    What fits into one piece (bytes) is `put` whole; for more an Upload is begun. Raises
    InvalidInput for another digest, and what the chunks raise; then nothing is kept.
    """
    async with aclosing(pieces(chunks, piece)) as coming:
        first = await anext(coming)
        following = await anext(coming, None)
        if following is None:
            _check(digest, digest_of(first))
            await put(digest, first)
            return len(first)
        begun = await begin(digest)
        try:
            hashed, size = hashlib.sha256(), 0

            async def take(piece: bytes) -> None:
                nonlocal size
                size += len(piece)
                await asyncio.to_thread(hashed.update, piece)
                await begun.write(piece)

            await take(first)
            await take(following)
            async for another in coming:
                await take(another)
            _check(digest, f"sha256:{hashed.hexdigest()}")
            await begun.keep()
        except BaseException:
            await begun.abandon()
            raise
        return size


def _check(digest: str, found: str) -> None:
    if found != digest:
        raise InvalidInput(
            "What was sent does not have the digest that it was sent under; nothing was stored.",
            code=ErrorCode.DIGEST_MISMATCH,
            details=[ErrorDetail(field="digest", message=f"expected {digest}, found {found}")],
        )


async def pieces(chunks: AsyncIterator[bytes], size: int) -> AsyncGenerator[bytes, None]:
    """Cut a stream into pieces of `size` bytes, the last one shorter; at least one, maybe empty."""
    held, first = bytearray(), True
    async for chunk in chunks:
        held += chunk
        while len(held) > size:
            yield bytes(held[:size])
            del held[:size]
            first = False
    if held or first:
        yield bytes(held)
