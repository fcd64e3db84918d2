"""Garbage collection: contents that nothing names are marked, and removed a grace period later.

The grace period is for who copies contents by what the rows said a while ago (a backup), not for
those who write: they are safe without one, see `repository.garbage`.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from quaestor_artifact_store.blobs import BlobStore, KeptBlob
from quaestor_artifact_store.database import Connection, Database, Transaction
from quaestor_artifact_store.repository import garbage
from quaestor_artifact_store.repository.garbage import Found, Unnamed
from quaestor_artifact_store.repository.idempotency import forget_expired
from quaestor_artifact_store.service.recent import RecentContents
from quaestor_shared.clock import Clock, later
from quaestor_shared.contracts.collections import CollectionView
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import Conflict, Unavailable

__all__ = ["CollectionService", "Progress"]

Progress = Callable[[int], None]  # told how many contents were looked at
_PAGE = 200  # contents that are looked at together
_STEP = 200  # rows that one write removes
_UNFINISHED_S = 3_600  # an upload that was silent for so long will not go on
_PATIENCE_S = 20.0  # how long the writer waits for a removal; PostgreSQL ends it at 30


class CollectionService:
    """Collects, once at a time."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        clock: Clock,
        recent: RecentContents | None = None,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._recent = recent or RecentContents()
        self._running = False

    async def collect(
        self, grace_s: int, *, dry_run: bool, progress: Progress = lambda _: None
    ) -> CollectionView:
        """Mark, remove and forget, and say how much; in a dry run only say what would be.

        Raises Conflict while another collection runs here.
        """
        if self._running:
            raise Conflict("A collection is running already.", code=ErrorCode.CONFLICT)
        self._running = True
        try:
            return await self._collect(grace_s, progress, dry_run=dry_run)
        finally:
            self._running = False

    async def _collect(self, grace_s: int, progress: Progress, *, dry_run: bool) -> CollectionView:
        tally = _Tally()
        if not dry_run:
            before = self._before(grace_s)
            tally.expired_keys = await self._all(forget_expired)
            tally.forgotten = await self._all(
                lambda tx, most: garbage.forget_removed(tx, before, most)
            )
            with suppress(Unavailable):  # it is logged; not every S3 service can list them
                dead = _moment(self._before(max(grace_s, _UNFINISHED_S)))
                tally.unfinished = await self._blobs.discard_unfinished(dead)
        after = ""
        while page := await self._blobs.page(after, _PAGE):
            await self._look_through(page, grace_s, tally, dry_run=dry_run)
            tally.looked_at += len(page)
            progress(tally.looked_at)
            after = page[-1].digest
        return tally.view()

    async def _look_through(
        self, page: list[KeptBlob], grace_s: int, tally: "_Tally", *, dry_run: bool
    ) -> None:
        def look(connection: Connection) -> list[tuple[KeptBlob, Found]]:
            return [(kept, garbage.look(connection, kept.digest)) for kept in page]

        before = self._before(grace_s)
        unnamed = [pair for pair in await self._database.read(look) if not pair[1].named]
        to_mark = [
            Unnamed(kept.digest, kept.stored_size)
            for kept, found in unnamed
            if found.marked_at is None and _old(kept, found, before)
        ]
        if dry_run:
            tally.marked += len(to_mark)
        elif to_mark:
            with self._recent.removal():
                tally.marked += await self._database.write(
                    lambda tx: garbage.mark(tx, to_mark, before)
                )
        for kept, _ in unnamed:  # with a grace period of 0 what was marked just now goes at once
            await self._remove(kept, self._before(grace_s), tally, dry_run=dry_run)

    async def _remove(self, kept: KeptBlob, before: str, tally: "_Tally", *, dry_run: bool) -> None:
        """Remove a content that was marked long enough ago, as the only writer."""
        loop = asyncio.get_running_loop()

        def remove(tx: Transaction) -> bool:
            if not garbage.marked_before(tx.connection, kept.digest, before):
                return False
            deleting = self._blobs.delete(kept.digest, put_before=_moment(before))
            if not asyncio.run_coroutine_threadsafe(deleting, loop).result(_PATIENCE_S):
                return False
            garbage.removed(tx, kept.digest)
            return True

        found = await self._database.read(lambda c: garbage.look(c, kept.digest))
        if found.marked_at is None:
            return
        old = found.marked_at < before
        gone = old and (dry_run or await self._database.write(remove))
        tally.removed += gone
        tally.removed_bytes += kept.stored_size * gone
        tally.waiting += not gone

    async def _all(self, chore: Callable[[Transaction, int], int]) -> int:
        """Do a chore in steps until nothing is left of it, and say how much that was."""
        total = done = await self._database.write(lambda tx: chore(tx, _STEP))
        while done == _STEP:
            done = await self._database.write(lambda tx: chore(tx, _STEP))
            total += done
        return total

    def _before(self, grace_s: int) -> str:
        return later(self._clock(), -grace_s)


class _Tally:
    """What a collection has done so far."""

    def __init__(self) -> None:
        self.looked_at = self.marked = self.removed = self.removed_bytes = self.waiting = 0
        self.forgotten = self.unfinished = self.expired_keys = 0

    def view(self) -> CollectionView:
        return CollectionView(**vars(self))


def _old(kept: KeptBlob, found: Found, before: str) -> bool:
    """Say whether neither the content nor its row is younger than the grace period."""
    young_row = found.changed_at is not None and found.changed_at >= before
    return kept.put_at < _moment(before) and not young_row


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time)
