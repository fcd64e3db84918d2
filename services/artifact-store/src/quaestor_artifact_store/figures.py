"""The figures of a store: how much there is, how it grew, how long its disk takes."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from quaestor_artifact_store.offline import check_current, looking_at, where
from quaestor_artifact_store.repository import figures as rows
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.wiring import blobs_of
from quaestor_shared.clock import Clock, later

__all__ = ["Figures", "Growth", "Latency", "take_figures"]

_SAMPLES = 50
_PAGE = 500
_DAYS = 30


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """How long something took, in milliseconds, over so many `samples`."""

    median_ms: float
    worst_ms: float
    samples: int


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """What a day added: `day` is `2026-01-31`, in UTC; bytes as if no version shared a content."""

    day: str
    versions: int
    bytes: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What `quaestor store stats` tells, sizes in bytes.

    `written_bytes` are all versions as if none shared a content, `kept_bytes` what is left when
    equal contents are kept once, `stored_bytes` what those take where they are, compressed.
    `growth` are the days of the last thirty on which versions were written. `fsync` is a write of
    4 KiB to the folder of the store and its sync, `commit` a transaction of PostgreSQL's.
    """

    database: str
    counts: dict[str, int]
    database_bytes: int
    written_bytes: int
    kept_bytes: int
    stored_bytes: int
    growth: tuple[Growth, ...]
    fsync: Latency | None
    commit: Latency | None


async def take_figures(
    settings: Settings, clock: Clock, progress: Callable[[int], None]
) -> Figures:
    """Take the figures, telling how many contents were looked at. Services go on meanwhile.

    Raises NotFound, Unavailable.
    """
    await asyncio.to_thread(check_current, settings)
    stored = await _stored_bytes(settings, progress)
    return await asyncio.to_thread(_figures, settings, later(clock(), -_DAYS * 86_400), stored)


def _figures(settings: Settings, since: str, stored: int) -> Figures:
    with looking_at(settings) as connection:
        sizes = rows.sizes(connection)
        return Figures(
            database=where(settings),
            counts=rows.counts(connection),
            database_bytes=rows.database_bytes(connection),
            written_bytes=sizes.written,
            kept_bytes=sizes.kept,
            stored_bytes=stored,
            growth=tuple(Growth(**day._asdict()) for day in rows.days(connection, since)),
            fsync=_fsync(Path(settings.data_dir)),
            commit=_commit(settings),
        )


async def _stored_bytes(settings: Settings, progress: Callable[[int], None]) -> int:
    blobs, after, total, count = blobs_of(settings), "", 0, 0
    try:
        while page := await blobs.page(after, _PAGE):
            total += sum(kept.stored_size for kept in page)
            count += len(page)
            progress(count)
            after = page[-1].digest
    finally:
        await blobs.close()
    return total


def _fsync(folder: Path) -> Latency | None:
    """Measure the disk that the store is on, if it is on one here."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return None
    with tempfile.TemporaryFile(dir=folder) as file:

        def write() -> None:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())

        return _latency(write)


def _commit(settings: Settings) -> Latency | None:
    if not settings.database_url:
        return None
    from quaestor_artifact_store.postgresql.sessions import committing

    with committing(settings.database_url) as commit:
        return _latency(commit)


def _latency(act: Callable[[], None]) -> Latency:
    took = []
    for _ in range(_SAMPLES):
        started = time.perf_counter()
        act()
        took.append((time.perf_counter() - started) * 1000)
    return Latency(
        median_ms=round(statistics.median(took), 3), worst_ms=round(max(took), 3), samples=_SAMPLES
    )
