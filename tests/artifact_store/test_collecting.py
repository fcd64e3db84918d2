"""Garbage collection removes what nothing names, and never what anybody has just written."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from tests.support.blob_stores import s3
from tests.support.databases import KINDS, connected, open_at, place_for

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection, Database, Transaction
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.repository import blobs as rows
from quaestor_artifact_store.repository import garbage, idempotency, search, versions
from quaestor_artifact_store.repository.audit import after
from quaestor_artifact_store.repository.idempotency import KeptReply, KeyScope
from quaestor_artifact_store.repository.tables import tables
from quaestor_artifact_store.service.collecting import CollectionService
from quaestor_artifact_store.service.contents import ContentService
from quaestor_artifact_store.service.creation import CreationService
from quaestor_artifact_store.service.once import Once
from quaestor_artifact_store.service.recent import RecentContents
from quaestor_shared.clock import later, utc_now
from quaestor_shared.contracts.collections import CollectionView
from quaestor_shared.contracts.version_batches import CreateBatch
from quaestor_shared.contracts.versions import CreateVersion, IfExists, VersionView
from quaestor_shared.errors import Conflict, NotFound

pytestmark = pytest.mark.anyio
DAY = 86_400


class Bench:
    """A store whose clock can be put forward, with the services that matter here."""

    def __init__(
        self, database: Database, blobs: BlobStore, forward: Callable[[int], None]
    ) -> None:
        self.database, self.blobs, self.forward = database, blobs, forward
        self.artifacts = CreationService(database, blobs)
        recent = RecentContents(100_000, rows=database.alone)
        self.contents = ContentService(
            database, blobs, utc_now, most=10_000, url_seconds=60, recent=recent
        )
        self.collections = CollectionService(database, blobs, self.now, recent)

    ahead = 0

    def now(self) -> str:
        """Give the time of this bench."""
        return later(utc_now(), self.ahead)

    async def create(self, text: str, path: str = "a.txt") -> VersionView:
        """Write a version."""
        request = CreateVersion(
            feature_id="ff",
            path=path,
            media_type="text/plain",
            text=text,
            if_exists=IfExists.NEW_VERSION,
        )
        return await self.artifacts.create_version(request, Once())

    async def purge(self, version: VersionView) -> None:
        """Take a version away, as a purge does."""

        def write(tx: Transaction) -> None:
            search.forget(tx, version.artifact_id)
            tx.execute("DELETE FROM versions WHERE artifact_id = ?", (version.artifact_id,))

        await self.database.write(write)

    async def collect(self, grace_s: int = 0, *, dry_run: bool = False) -> CollectionView:
        """Run a collection."""
        return await self.collections.collect(grace_s, dry_run=dry_run)

    async def orphan(self, text: str) -> str:
        """Leave a content without a row, as a crash between the two does."""
        digest = digest_of(text.encode())
        await self.blobs.put(digest, text.encode())
        return digest


@pytest.fixture(params=KINDS)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Database, list[int]]]:
    """Give each kind of database, and what its clock is ahead."""
    ahead = [0]
    place = place_for(request.param, tmp_path)
    made = await anyio.to_thread.run_sync(open_at, place, lambda: later(utc_now(), ahead[0]))
    yield made, ahead
    await anyio.to_thread.run_sync(made.close)


@pytest.fixture(params=["files", pytest.param("moto", marks=pytest.mark.slow)])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BlobStore]:
    """Give files, and a bucket."""
    made: BlobStore = (
        FileBlobs(tmp_path / "blobs")
        if request.param == "files"
        else s3(request.getfixturevalue("moto"), prefix=f"{tmp_path.name}/")
    )
    yield made
    await made.close()


@pytest.fixture
async def bench(database: tuple[Database, list[int]], blobs: BlobStore) -> Bench:
    """Give a bench on each kind of database and each kind of blob store."""
    opened, ahead = database

    def forward(seconds: int) -> None:
        ahead[0] += seconds
        made.ahead = ahead[0]

    made = Bench(opened, blobs, forward)
    return made


def counts(view: CollectionView) -> tuple[int, int, int]:
    """Give what was marked, removed, and waits."""
    return view.marked, view.removed, view.waiting


async def test_what_is_named_stays(bench: Bench) -> None:
    """A content that a version names is not touched, whatever the grace period."""
    made = await bench.create("kept")
    bench.forward(10 * DAY)
    done = await bench.collect()
    assert (done.looked_at, counts(done)) == (1, (0, 0, 0))
    assert await bench.blobs.get(made.digest) == b"kept"


async def test_two_runs(bench: Bench) -> None:
    """What nothing names is marked after a grace period, removed after another, then forgotten."""
    kept, gone = await bench.create("kept"), await bench.create("gone", "b.txt")
    orphan = await bench.orphan("orphan")
    await bench.purge(gone)
    assert counts(await bench.collect(DAY)) == (0, 0, 0)
    bench.forward(DAY + 60)
    first = await bench.collect(DAY)
    assert counts(first) == (2, 0, 2)
    for digest in (gone.digest, orphan):
        assert await bench.blobs.get(digest)
        with pytest.raises(NotFound):
            await bench.contents.describe(digest)
    assert counts(await bench.collect(DAY)) == (0, 0, 2)
    bench.forward(DAY + 60)
    second = await bench.collect(DAY)
    assert counts(second) == (0, 2, 0)
    assert second.removed_bytes > 0
    for digest in (gone.digest, orphan):
        with pytest.raises(NotFound):
            await bench.blobs.get(digest)
    bench.forward(DAY + 60)
    third = await bench.collect(DAY)
    assert (third.forgotten, third.looked_at) == (2, 1)
    assert await bench.blobs.get(kept.digest) == b"kept"


async def test_a_mark_is_a_change(bench: Bench) -> None:
    """The audit tells of a content that nobody can read any more."""
    digest = await bench.orphan("orphan")
    await bench.collect()
    (entry,) = await bench.database.read(lambda c: after(c, 0, 10))
    assert (entry.type, entry.subject) == ("blob.removed", digest)


async def test_dry_run(bench: Bench) -> None:
    """A dry run tells the same and changes nothing."""
    digest = await bench.orphan("orphan")
    bench.forward(DAY + 60)
    assert counts(await bench.collect(DAY, dry_run=True)) == (1, 0, 0)
    assert counts(await bench.collect(DAY)) == (1, 0, 1)
    bench.forward(DAY + 60)
    assert counts(await bench.collect(DAY, dry_run=True)) == (0, 1, 0)
    assert await bench.blobs.get(digest) == b"orphan"


async def test_a_marked_content_comes_back(bench: Bench) -> None:
    """Who writes a content between its mark and its removal keeps it."""
    gone = await bench.create("text")
    await bench.purge(gone)
    bench.forward(DAY + 60)
    assert (await bench.collect(DAY)).marked == 1
    again = await bench.create("text", "b.txt")
    bench.forward(2 * DAY)
    assert counts(await bench.collect(DAY)) == (0, 0, 0)
    assert await bench.blobs.get(again.digest) == b"text"
    assert (await bench.contents.describe(again.digest)).size == 4


async def test_a_removed_content_comes_back(bench: Bench) -> None:
    """A content that was removed can be written again, at once."""
    await bench.orphan("text")
    assert counts(await bench.collect()) == (1, 1, 0)
    again = await bench.create("text")
    assert await bench.blobs.get(again.digest) == b"text"
    assert counts(await bench.collect()) == (0, 0, 0)
    assert await bench.blobs.get(again.digest) == b"text"


class Interrupted:
    """A blob store in which something happens between a put and whatever follows it."""

    def __init__(self, inner: BlobStore, then: Callable[[], Any]) -> None:
        self._inner = inner
        self._then: list[Callable[[], Any]] = [then]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def put(self, digest: str, content: bytes) -> None:
        """Put, and let it happen, once."""
        await self._inner.put(digest, content)
        if self._then:
            await self._then.pop()()


async def test_a_collection_between_content_and_row(bench: Bench) -> None:
    """A collection between a put and its row costs the writer a second put, no more."""
    interrupted: Any = Interrupted(bench.blobs, bench.collect)
    bench.artifacts = CreationService(bench.database, interrupted)
    made = await bench.create("text")
    assert await bench.blobs.get(made.digest) == b"text"
    assert (await bench.contents.describe(made.digest)).size == 4


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_collection_within_a_batch(bench: Bench, atomic: bool) -> None:  # noqa: FBT001
    """A batch whose contents are collected before its rows are written stores them all the same."""
    interrupted: Any = Interrupted(bench.blobs, bench.collect)
    service = CreationService(bench.database, interrupted)
    wanted = [
        CreateVersion(feature_id="ff", path=f"{n}.txt", media_type="text/plain", text=f"text {n}")
        for n in range(5)
    ]
    done = await service.create_batch(CreateBatch(versions=tuple(wanted), atomic=atomic), Once())
    assert [item.status for item in done.items] == [201] * 5
    for item, request in zip(done.items, wanted, strict=True):
        assert item.version is not None
        assert (await bench.blobs.get(item.version.digest)).decode() == request.text


async def test_an_upload_that_was_removed(bench: Bench) -> None:
    """An upload that nothing named in time is gone, and a version that wants it is told so."""
    digest = digest_of(b"text")

    async def upload() -> None:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"text"

        await bench.contents.upload(digest, "text/plain", None, chunks())

    await upload()
    assert counts(await bench.collect(DAY)) == (0, 0, 0)
    assert counts(await bench.collect()) == (1, 1, 0)

    def late(tx: Transaction) -> None:
        rows.name(tx, digest, 4, "text/plain", uploaded=True)

    with pytest.raises(Conflict, match="upload it again"):
        await bench.database.write(late)
    with pytest.raises(rows.ContentRemoved):
        await upload()
    await upload()
    await bench.database.write(late)
    assert await bench.blobs.get(digest) == b"text"


async def test_one_at_a_time(bench: Bench) -> None:
    """A second collection is refused while one runs."""
    await bench.orphan("orphan")
    results = await asyncio.gather(bench.collect(), bench.collect(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["CollectionView", "Conflict"]
    assert (await bench.collect()).looked_at == 0


async def test_expired_keys(bench: Bench) -> None:
    """Idempotency keys whose time is over go too."""

    def keep(tx: Transaction) -> None:
        for number in range(3):
            scope = KeyScope("me", "POST", "/", f"{number}")
            idempotency.keep(tx, scope, KeptReply("f", "{}"), hours=number)

    await bench.database.write(keep)
    bench.forward(90 * 60)
    assert (await bench.collect()).expired_keys == 2


async def test_collections_among_writes(bench: Bench) -> None:
    """Whatever writers, purges and collections without grace do at once, every version is whole."""
    chance = random.Random(7)  # noqa: S311 - a repeatable choice, no secret
    made: list[VersionView] = []
    done = asyncio.Event()

    async def write(worker: int) -> None:
        for number in range(30):
            text = f"one of few {chance.randrange(6)}"
            made.append(await bench.create(text, f"{worker}-{number}.txt"))
            if chance.random() < 0.6:
                await bench.purge(made.pop(chance.randrange(len(made))))

    async def collect() -> int:
        removed = 0
        while not (done.is_set() and removed):
            removed += (await bench.collect()).removed
        return removed

    collecting = asyncio.create_task(collect())
    await asyncio.gather(*(write(worker) for worker in range(4)))
    await bench.purge(await bench.create("of no use", "last.txt"))
    done.set()
    assert await collecting >= 1
    named = await bench.database.read(every_digest)
    assert named == {version.digest for version in made}
    for digest in named:
        assert digest_of(await bench.blobs.get(digest)) == digest
        assert await bench.database.read(partial(rows.find, digest=digest)) is not None


def every_digest(connection: Connection) -> set[str]:
    """Give the digests that versions name."""
    return {row["digest"] for row in connection.execute("SELECT digest FROM versions")}


async def test_the_mark_is_looked_at_by_the_writer(bench: Bench) -> None:
    """A mark that was taken back before the removal saves the content."""
    digest = await bench.orphan("text")
    now = utc_now()

    def mark(tx: Transaction) -> int:
        return garbage.mark(tx, [garbage.Unnamed(digest, 4)], later(now, 60))

    assert await bench.database.write(mark) == 1
    assert await bench.database.write(mark) == 0
    await bench.database.write(lambda tx: garbage.forget(tx, digest))
    put_at = (await bench.blobs.page("", 10))[0].put_at
    assert put_at <= datetime.now(UTC)
    assert not await bench.database.read(lambda c: garbage.marked_before(c, digest, later(now, 60)))
    made = await bench.create("text")
    assert made.digest == digest
    assert await bench.database.read(lambda c: versions.with_digest(c, made.artifact_id, digest))


def test_everything_that_names_contents_is_looked_at(tmp_path: Path) -> None:
    """The tables that refer to contents are those by which a collection knows what is named."""
    with connected(str(tmp_path / "store.db")) as (connection, schema):
        schema.up()
        naming = {
            table.name
            for table in tables(connection)
            for key in connection.execute(f"PRAGMA foreign_key_list({table.name})")
            if key["table"] == "blobs"
        }
    assert naming == {"versions", "approvals"}
    assert "FROM versions" in garbage.OF_VERSION
    assert "FROM approvals" in garbage.OF_APPROVAL
