"""Contents that are put at the same time are synced together, and none of them is lost."""

import asyncio
import errno
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from tests.support.blob_stores import failing

from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.fs_blobs import FileBlobs, files, gathering, syncs
from quaestor_artifact_store.fs_blobs.folders import Folders, sync
from quaestor_artifact_store.fs_blobs.journal import Journal, Stored, read
from quaestor_shared.errors import Unavailable

pytestmark = pytest.mark.anyio
# Of either form, and with what could be taken for the beginning of a record.
CONTENTS = [b"%d: QBJ1 what was decided" % number + b"\n" * (number * 500) for number in range(20)]


@pytest.fixture(autouse=True)
def keeping_journals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no journal become too old during a test."""
    monkeypatch.setattr(gathering, "_OLD", 3600)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FileBlobs]:
    """Give a store whose folders are made."""
    made = FileBlobs(tmp_path / "blobs")
    await made.check()
    yield made
    await made.close()


async def put_all(store: FileBlobs, contents: Iterable[bytes]) -> list[BaseException | None]:
    """Put contents at the same time; give what each put ended with."""
    puts = (store.put(digest_of(content), content) for content in contents)
    return await asyncio.gather(*puts, return_exceptions=True)


def journals_of(root: Path) -> list[Path]:
    """List the journals of a store."""
    return sorted((root / "blobs/.journals").iterdir())


def after_power_cut(root: Path, target: Path) -> None:
    """Copy a store as a power cut may leave it: of what was not synced there is nothing left."""
    (target / "blobs").mkdir(parents=True)
    shutil.copytree(root / "blobs/.journals", target / "blobs/.journals")


async def holds(folder: Path, contents: Iterable[bytes]) -> set[bytes]:
    """Open a store that a crash has left, and give which of the contents it has."""
    store = FileBlobs(folder / "blobs")
    kept = {one.digest for one in await store.page("", 1000)}
    found = [content for content in contents if digest_of(content) in kept]
    for content in found:
        assert await store.get(digest_of(content)) == content
    await store.close()
    return set(found)


async def test_one_sync_for_many(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contents that wait together share a sync, have files at once, and leave no journal."""
    synced: list[int] = []
    fdatasync = os.fdatasync

    def counting(descriptor: int) -> None:
        synced.append(descriptor)
        fdatasync(descriptor)

    monkeypatch.setattr(os, "fdatasync", counting)
    assert await put_all(store, CONTENTS) == [None] * len(CONTENTS)
    assert 1 <= len(synced) < len(CONTENTS) // 2
    for content in CONTENTS:
        assert await store.get(digest_of(content)) == content
    assert journals_of(tmp_path) != []
    await store.close()
    assert journals_of(tmp_path) == []
    assert [one.digest for one in await FileBlobs(tmp_path / "blobs").page("", 1000)] == sorted(
        digest_of(content) for content in CONTENTS
    )


async def test_a_power_cut(store: FileBlobs, tmp_path: Path) -> None:
    """What was acknowledged is there after a power cut that took every file that was not synced."""
    alone = await put_all(store, CONTENTS[:1])
    together = await put_all(store, CONTENTS[1:])
    assert alone + together == [None] * len(CONTENTS)
    after_power_cut(tmp_path, tmp_path / "cut")
    assert await holds(tmp_path / "cut", CONTENTS) >= set(CONTENTS[2:])
    assert journals_of(tmp_path / "cut") == []


async def test_files_that_a_power_cut_leaves_empty(store: FileBlobs, tmp_path: Path) -> None:
    """A file that lost its content, though its name is there, is mended from the journal."""
    await put_all(store, CONTENTS)
    after_power_cut(tmp_path, tmp_path / "cut")
    for file in (tmp_path / "blobs").glob("[0-9a-f][0-9a-f]/*"):
        left = tmp_path / "cut" / file.relative_to(tmp_path)
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"")
    (journal,) = journals_of(tmp_path / "cut")
    written = {one.digest for one in read(journal)}
    of_journal = [content for content in CONTENTS if digest_of(content) in written]
    opened = FileBlobs(tmp_path / "cut/blobs")
    for content in of_journal:
        assert await opened.get(digest_of(content)) == content
    await opened.close()


async def test_a_journal_that_is_cut_off(tmp_path: Path) -> None:
    """A journal is read up to the record that a crash cut off, wherever it did, or damaged."""
    folders = Folders(tmp_path / "blobs")
    folders.make()
    journal = Journal(folders)
    contents = [Stored(digest_of(content), False, content) for content in CONTENTS[:3]]  # noqa: FBT003 - not packed
    journal.write(contents)
    whole = journal.place.read_bytes()
    ends = [len(whole) - sum(45 + len(c.stored) for c in contents[n:]) for n in range(1, 4)]
    for size in range(len(whole) + 1):
        journal.place.write_bytes(whole[:size])
        assert list(read(journal.place)) == contents[: sum(end <= size for end in ends)]
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        journal.place.write_bytes(damaged)
        assert list(read(journal.place)) == contents[: sum(end <= place for end in ends)]
    journal.remove()


async def test_a_journal_in_use(store: FileBlobs, tmp_path: Path) -> None:
    """Whoever opens the store meanwhile leaves the journal alone, and sees the contents."""
    await put_all(store, CONTENTS)
    before = journals_of(tmp_path)
    assert await holds(tmp_path, CONTENTS) == set(CONTENTS)
    assert journals_of(tmp_path) == before != []


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EIO, 503)])
async def test_a_journal_that_cannot_be_synced(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    """What a failing sync was for is not acknowledged; what was before stays, and it goes on."""

    assert await put_all(store, CONTENTS[:5]) == [None] * 5
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", failing(number))
        ended = await put_all(store, CONTENTS[5:10])
    refused = [error for error in ended if isinstance(error, Unavailable)]
    assert refused
    assert {error.status_code for error in refused} == {status}
    assert await put_all(store, CONTENTS[5:]) == [None] * 15
    for content in CONTENTS:
        assert await store.get(digest_of(content)) == content
    await store.close()
    assert journals_of(tmp_path) == []


async def test_a_disk_without_locks(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no file can be locked there is no journal, and each content is synced by itself."""

    monkeypatch.setattr(fcntl, "flock", failing(errno.ENOLCK))
    assert await put_all(store, CONTENTS) == [None] * len(CONTENTS)
    assert journals_of(tmp_path) == list((tmp_path / "blobs/.unfinished").iterdir()) == []
    assert await holds(tmp_path, CONTENTS) == set(CONTENTS)


async def test_files_that_cannot_be_synced(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the files of a journal cannot be synced, they are written anew from it, synced."""

    monkeypatch.setattr(files, "sync_all", failing(errno.EIO))
    await put_all(store, CONTENTS)
    before = {file.name: file.stat().st_ino for file in (tmp_path / "blobs").glob("??/*")}
    await store.close()
    after = {file.name: file.stat().st_ino for file in (tmp_path / "blobs").glob("??/*")}
    assert after.keys() == before.keys()
    assert sum(after[name] == before[name] for name in after) <= 1  # one may have waited alone
    assert journals_of(tmp_path) == []


async def test_a_journal_that_cannot_be_settled(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal whose contents cannot be synced at all stays, and the next start puts them."""

    with monkeypatch.context() as patch:
        patch.setattr(files, "sync_all", failing(errno.EIO))
        await put_all(store, CONTENTS)
        patch.setattr(os, "fsync", failing(errno.EIO))
        await store.close()
    assert journals_of(tmp_path) != []
    after_power_cut(tmp_path, tmp_path / "cut")
    assert len(await holds(tmp_path / "cut", CONTENTS)) >= len(CONTENTS) - 1


async def test_syncs_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system whose syncfs is not known, each file is synced and each folder once."""
    monkeypatch.setattr(syncs, "_has_syncfs", lambda _: False)
    done: list[Path] = []

    def syncing(place: Path) -> None:
        sync(place)
        done.append(place)

    monkeypatch.setattr(syncs, "sync", syncing)
    there = [tmp_path / "a/1", tmp_path / "a/2", tmp_path / "b/3"]
    for place in there:
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"")
    syncs.sync_all(tmp_path, [*there, tmp_path / "b/gone"])
    assert done[:3] == there
    assert sorted(done[3:]) == [tmp_path / "a", tmp_path / "b"]
