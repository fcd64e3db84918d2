"""What is done from time to time: rows and files that nobody asks for any more are removed."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Database, Transaction
from quaestor_shared.errors import QuaestorError
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["Chore", "Housekeeping", "discard_unfinished"]

_log = get_logger(__name__)
# Removes at most so many rows, and says how many those were.
Chore = Callable[[Transaction, int], int]
_DAY = timedelta(days=1)
_STEP = 200  # rows removed in one write, so that nobody waits long behind it


class Housekeeping:
    """Does its chores in small steps, each a write of its own among those of the callers."""

    def __init__(self, database: Database, chores: Sequence[Chore], *, interval_s: float) -> None:
        self._database = database
        self._chores = chores
        self._interval = interval_s

    async def run(self) -> None:
        """Do the chores now and at every interval, until cancelled."""
        while True:
            for chore in self._chores:
                await self._do(chore)
            await asyncio.sleep(self._interval)

    async def _do(self, chore: Chore) -> None:
        try:
            while await self._database.write(lambda tx: chore(tx, _STEP)) == _STEP:
                pass
        except QuaestorError as error:  # the next round comes
            _log.warning("chore not done", exc_info=error)


async def discard_unfinished(blobs: BlobStore) -> None:
    """Remove what writes of contents have left that were cut off, now and every day.

    Only what is a day old: somebody else may be writing to the same store.
    """
    while True:
        try:
            if count := await blobs.discard_unfinished(datetime.now(UTC) - _DAY):
                _log.info("unfinished contents removed", count=count)
        except QuaestorError as error:
            _log.warning("unfinished contents not removed", exc_info=error)
        await asyncio.sleep(_DAY.total_seconds())
