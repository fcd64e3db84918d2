"""Contents in memory: bounded, right, and never read when they may not be any more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread
import pytest
from tests.support.databases import open_at, place_for

from quaestor_artifact_store.blobs import Damaged
from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.repository.rows import BlobRow
from quaestor_artifact_store.service.collecting import CollectionService
from quaestor_artifact_store.service.contents import ContentService
from quaestor_artifact_store.service.recent import LARGEST, RecentContents
from quaestor_shared.clock import later, utc_now
from quaestor_shared.errors import NotFound

pytestmark = pytest.mark.anyio
T = TypeVar("T")
ROW = BlobRow(size=1, media_type="text/plain")


def test_the_oldest_go_first_when_there_is_no_room() -> None:
    """What was read longest ago makes room, and what is too large is not held at all."""
    recent = RecentContents(10)
    recent.hold("a", b"aaaa")
    recent.hold("b", b"bbbb")
    assert recent.content("a") == b"aaaa"
    recent.hold("c", b"cccc")
    assert [recent.content(each) for each in "abc"] == [b"aaaa", None, b"cccc"]
    recent.hold("d", b"d" * 11)
    assert [recent.content(each) for each in "acd"] == [None, None, None]
    recent = RecentContents(10 * LARGEST)
    recent.hold("e", b"e" * (LARGEST + 1))
    recent.hold("f", b"f" * LARGEST)
    assert recent.content("e") is None
    assert recent.content("f") is not None


def test_nothing_is_held_without_room() -> None:
    """A size of 0 holds neither contents nor rows."""
    recent = RecentContents(0, rows=True)
    recent.hold("a", b"a")
    recent.hold_row("a", ROW, since=recent.removals)
    assert recent.content("a") is None
    assert recent.row("a") is None


def test_a_row_that_was_read_before_a_removal_ended_is_not_held() -> None:
    """Who has read a row while contents were marked cannot know whether it still counts."""
    recent = RecentContents(10, rows=True)
    before = recent.removals
    with recent.removal():
        recent.hold_row("a", ROW, since=before)
        assert recent.row("a") is None
    recent.hold_row("a", ROW, since=before)
    assert recent.row("a") is None
    recent.hold_row("a", ROW, since=recent.removals)
    assert recent.row("a") == ROW
    with recent.removal():
        assert recent.row("a") is None


def test_a_removal_that_ends_early_leaves_rows_out_for_good() -> None:
    """Nobody knows whether the database goes on with what it was told."""
    recent = RecentContents(10, rows=True)
    with pytest.raises(asyncio.CancelledError), recent.removal():
        raise asyncio.CancelledError
    recent.hold_row("a", ROW, since=recent.removals)
    assert recent.row("a") is None


class Counted:
    """A database that counts how often it was read."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reads = 0

    def __getattr__(self, name: str) -> Any:
        """Give what the database has."""
        return getattr(self.database, name)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Read, and count it."""
        self.reads += 1
        return await self.database.read(query)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Counted]:
    """Give each kind of database."""
    place = place_for(request.param, tmp_path)
    made = await anyio.to_thread.run_sync(open_at, place, utc_now)
    yield Counted(made)
    await anyio.to_thread.run_sync(made.close)


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    """Give a content as an upload comes."""
    yield content


async def test_reading_again(database: Counted, tmp_path: Path) -> None:
    """A content comes from memory the second time, and its row too where nobody else writes."""
    blobs = FileBlobs(tmp_path / "blobs")
    recent = RecentContents(1_000, rows=database.alone)
    service = ContentService(database, blobs, utc_now, most=100, url_seconds=1, recent=recent)
    fresh = ContentService(database, blobs, utc_now, most=100, url_seconds=1)
    digest = digest_of(b"content")
    await service.upload(digest, "text/plain", None, chunks(b"content"))
    assert await service.read(digest, (await service.describe(digest)).size, 2, 7) == b"ntent"
    (file,) = (each for each in (tmp_path / "blobs").rglob("*") if each.is_file())
    file.write_bytes(b"contend")
    reads = database.reads
    assert (await service.describe(digest)).size == 7
    assert database.reads - reads == (0 if database.alone else 1)
    assert await service.read(digest, 7, 0, 7) == b"content"
    with pytest.raises(Damaged):
        await fresh.read(digest, 7, 0, 7)
    await blobs.close()


async def test_what_was_collected_is_gone(database: Counted, tmp_path: Path) -> None:
    """A content that was read lately is not found any more once it was collected."""
    blobs = FileBlobs(tmp_path / "blobs")
    recent = RecentContents(1_000, rows=database.alone)
    service = ContentService(database, blobs, utc_now, most=100, url_seconds=1, recent=recent)
    digest = digest_of(b"content")
    await service.upload(digest, "text/plain", None, chunks(b"content"))
    await service.read(digest, (await service.describe(digest)).size, 0, 7)
    collections = CollectionService(database, blobs, lambda: later(utc_now(), 60), recent)
    assert (await collections.collect(0, dry_run=False)).marked == 1
    with pytest.raises(NotFound):
        await service.describe(digest)
    assert recent.content(digest) is None
    await blobs.close()
