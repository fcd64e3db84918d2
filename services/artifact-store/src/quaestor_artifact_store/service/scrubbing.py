"""Whether every content is there and whole: each is read, and hashed again."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from quaestor_artifact_store.blobs import BlobStore, Damaged, KeptBlob
from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.repository import blobs as rows
from quaestor_artifact_store.service.parallel import for_each
from quaestor_artifact_store.verified import read_whole
from quaestor_shared.errors import NotFound, Unavailable

__all__ = ["Read", "Scrubbed", "State", "scrub"]

T = TypeVar("T")
_PAGE = 500
_END = "~"  # behind every digest
_YOUNG = timedelta(hours=1)  # the row of a content that was just put may still be on its way


class Read(Protocol):
    """How rows are read: `Database.read`, or the same beside a running service."""

    def __call__(self, query: Callable[[Connection], T]) -> Awaitable[T]:
        """Run a query on a snapshot of its own."""


class State(StrEnum):
    """`missing`: named by a row, and not there. `orphaned`: there, and named by no row."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    ORPHANED = "orphaned"


class Scrubbed(NamedTuple):
    """A content that was looked at, and the bytes that it takes."""

    digest: str
    size: int
    state: State


async def scrub(blobs: BlobStore, read: Read, tell: Callable[[Scrubbed], None]) -> None:
    """Look at every content that is kept, and at every one that a row names, and tell of each.

    The service may go on meanwhile: what does not match is looked at once more. Raises Unavailable
    when database or store do not answer.
    """
    after = ""
    while after != _END:
        kept = await blobs.page(after, _PAGE)
        named = await read(partial(rows.digests, after=after, limit=_PAGE))
        full = [page[-1] for page in ([b.digest for b in kept], named) if len(page) == _PAGE]
        until = min(full, default=_END)
        await _scrub(
            blobs,
            read,
            {found.digest: found for found in kept if found.digest <= until},
            {digest for digest in named if digest <= until},
            tell,
        )
        after = until


async def _scrub(
    blobs: BlobStore,
    read: Read,
    kept: dict[str, KeptBlob],
    named: set[str],
    tell: Callable[[Scrubbed], None],
) -> None:
    async def one(found: KeptBlob) -> None:
        state = await _state(blobs, found.digest)
        if state is State.WHOLE and found.digest not in named:
            state = await _without_row(read, found)
        if state is not None:
            tell(Scrubbed(found.digest, found.stored_size, state))

    await for_each(kept.values(), one)
    for digest in sorted(named - kept.keys()):
        if await blobs.size(digest) is None and await _has_row(read, digest):
            tell(Scrubbed(digest, 0, State.MISSING))


async def _state(blobs: BlobStore, digest: str) -> State | None:
    """Hash a content; None for one that was removed since it was listed."""
    try:
        await read_whole(blobs, digest)
    except Damaged:
        return State.DAMAGED
    except NotFound:
        return None
    except Unavailable:
        return State.UNREADABLE
    return State.WHOLE


async def _without_row(read: Read, found: KeptBlob) -> State:
    young = datetime.now(UTC) - found.put_at < _YOUNG
    return State.WHOLE if young or await _has_row(read, found.digest) else State.ORPHANED


async def _has_row(read: Read, digest: str) -> bool:
    return await read(lambda c: rows.find(c, digest)) is not None
