"""What the blob store of files has of its own: the disk, and what goes wrong on it."""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.blob_stores import failing, in_chunks

from quaestor_artifact_store.blobs import WHOLE, Damaged
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.fs_blobs import FileBlobs, unfinished
from quaestor_artifact_store.fs_blobs.folders import sync
from quaestor_shared.errors import Unavailable

pytestmark = pytest.mark.anyio
CONTENT = b"what was decided"
DESIGN = b'{"name": "MealPlan", "fields": ["id", "email"]}\n' * 300
LARGE = os.urandom(2 * WHOLE)
TOMORROW = timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FileBlobs]:
    """Give a store whose folder is still to be made."""
    made = FileBlobs(tmp_path / "blobs")
    yield made
    await made.close()


def files_in(folder: Path) -> list[str]:
    """List the files below a folder by their paths."""
    return sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())


def file_of(folder: Path) -> Path:
    """Give the one file below a folder."""
    (name,) = files_in(folder)
    return folder / name


async def test_a_content_is_one_file(store: FileBlobs, tmp_path: Path) -> None:
    """A content is one file below a folder of its first digits, as it is, or as gzip if smaller."""
    for content, form in ((CONTENT, ""), (DESIGN, ".gz"), (LARGE, "")):
        digest = digest_of(content)
        await store.put_stream(digest, in_chunks(content))
        digits = digest.removeprefix("sha256:")
        assert files_in(tmp_path) == [f"blobs/{digits[:2]}/{digits}{form}"]
        assert await store.delete(digest)
    await store.put(digest_of(DESIGN), DESIGN)
    (found,) = await store.page("", 10)
    assert found.stored_size < len(DESIGN) / 10


async def test_either_form_is_read_and_replaced(store: FileBlobs, tmp_path: Path) -> None:
    """A text that was kept as it is stays readable; putting it again leaves the packed form."""
    await store.put(digest_of(DESIGN), DESIGN)
    packed = file_of(tmp_path)
    packed.unlink()
    packed.with_suffix("").write_bytes(DESIGN)
    assert await store.get(digest_of(DESIGN)) == DESIGN
    assert await store.size(digest_of(DESIGN)) == len(DESIGN)
    await store.put(digest_of(DESIGN), DESIGN)
    assert file_of(tmp_path) == packed
    assert await store.get(digest_of(DESIGN)) == DESIGN


@pytest.mark.parametrize("content", [CONTENT, DESIGN, LARGE], ids=["plain", "packed", "large"])
async def test_damage(store: FileBlobs, tmp_path: Path, content: bytes) -> None:
    """A content with a flipped byte is never given, and is mended when it is put again."""
    digest = digest_of(content)
    await store.put(digest, content)
    file = file_of(tmp_path)
    stored = bytearray(file.read_bytes())
    stored[len(stored) // 2] ^= 1
    file.write_bytes(stored)
    with pytest.raises(Damaged, match="damaged"):
        await store.get(digest)
    await store.put(digest, content)
    assert await store.get(digest) == content


@pytest.mark.parametrize("content", [CONTENT, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503)]
)
async def test_disk_trouble(
    store: FileBlobs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    status: int,
    content: bytes,
) -> None:
    """A full disk is 507, a failing one 503; nothing half-written stays, and later it works."""
    digest = digest_of(content)
    await store.check()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(number))
        with pytest.raises(Unavailable) as caught:
            await store.put_stream(digest, in_chunks(content))
    assert caught.value.status_code == status
    assert files_in(tmp_path) == []
    await store.put_stream(digest, in_chunks(content))
    assert await store.get(digest) == content


async def test_a_folder_that_cannot_be_synced(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose folder could not be synced is not trusted: every put writes it anew, synced."""
    digest = digest_of(CONTENT)
    await store.check()
    with monkeypatch.context() as patch:
        patch.setattr(unfinished, "sync", failing(errno.EIO))
        with pytest.raises(Unavailable):
            await store.put(digest, CONTENT)
    before = file_of(tmp_path).stat().st_ino
    synced: list[Path] = []

    def syncing(folder: Path) -> None:
        sync(folder)
        synced.append(folder)

    monkeypatch.setattr(unfinished, "sync", syncing)
    await store.put(digest, CONTENT)
    assert synced == [file_of(tmp_path).parent]
    assert file_of(tmp_path).stat().st_ino != before


async def test_order_of_the_syncs(store: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is synced before it has its name, its folder after; then it is acknowledged."""
    await store.check()
    done: list[str] = []
    rename = Path.rename

    def renamed(place: Path, target: Path) -> Path:
        done.append("rename")
        return rename(place, target)

    monkeypatch.setattr(os, "fsync", lambda _: done.append("fsync"))
    monkeypatch.setattr(Path, "rename", renamed)
    await store.put(digest_of(CONTENT), CONTENT)
    assert done == ["fsync", "rename", "fsync"]


async def test_a_disk_that_is_read_only(store: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a read-only disk a put says so and stores nothing, while reads go on."""
    await store.put(digest_of(CONTENT), CONTENT)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", failing(errno.EROFS))
        with pytest.raises(Unavailable, match="read-only"):
            await store.put(digest_of(DESIGN), DESIGN)
    assert await store.get(digest_of(CONTENT)) == CONTENT


async def test_folders_that_are_removed(store: FileBlobs, tmp_path: Path) -> None:
    """A store whose folders are removed under its feet makes them again."""
    await store.put(digest_of(CONTENT), CONTENT)
    shutil.rmtree(tmp_path / "blobs")
    assert await store.page("", 10) == []
    assert await store.discard_unfinished(datetime.now(UTC)) == 0
    await store.put(digest_of(CONTENT), CONTENT)
    (tmp_path / "blobs" / digest_of(DESIGN)[7:9]).rmdir()
    await store.put(digest_of(DESIGN), DESIGN)
    assert await store.get(digest_of(CONTENT)) == CONTENT
    assert await store.get(digest_of(DESIGN)) == DESIGN


async def test_what_a_kill_leaves(store: FileBlobs, tmp_path: Path) -> None:
    """A temporary file that a kill has left is removed once it is old, and never before."""
    await store.put(digest_of(CONTENT), CONTENT)
    left = tmp_path / "blobs" / ".unfinished" / "0123"
    left.write_bytes(b"half of")
    assert await store.discard_unfinished(datetime.now(UTC) - TOMORROW) == 0
    assert left.exists()
    assert await store.discard_unfinished(datetime.now(UTC) + TOMORROW) == 1
    assert files_in(tmp_path) == [file_of(tmp_path).relative_to(tmp_path).as_posix()]


async def test_a_removal_that_is_cut_off(store: FileBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removal that a kill cuts off between its steps is undone, for it may have been too late."""
    await store.put(digest_of(CONTENT), CONTENT)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", failing(errno.EIO))
        with pytest.raises(Unavailable):
            await store.delete(digest_of(CONTENT))
    assert await store.size(digest_of(CONTENT)) is None
    assert await store.discard_unfinished(datetime.now(UTC)) == 0
    assert await store.get(digest_of(CONTENT)) == CONTENT


async def test_putting_while_removing(store: FileBlobs) -> None:
    """A put that is acknowledged outlives every removal of what was there before."""
    digest = digest_of(CONTENT)
    for _ in range(20):
        await store.put(digest, CONTENT)
        await asyncio.sleep(0.05)
        start = datetime.now(UTC) - timedelta(seconds=0.02)  # the clock of files is a coarse one
        await asyncio.gather(
            store.delete(digest, put_before=start),
            store.put(digest, CONTENT),
            store.delete(digest, put_before=start),
        )
        assert await store.get(digest) == CONTENT


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A store where no folder can be made is not ready."""
    (tmp_path / "blobs").write_bytes(b"a file")
    store = FileBlobs(tmp_path / "blobs")
    with pytest.raises(Unavailable):
        await store.check()
    await store.close()
