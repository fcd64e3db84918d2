"""One behavioural suite for every blob store, and what each has of its own."""

import asyncio
import errno
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from rich.pretty import pretty_repr
from tests.support.servers import free_port

from quaestor_artifact_store import fs_blobs
from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.s3_blobs import S3Blobs, S3Options
from quaestor_artifact_store.settings import Settings
from quaestor_shared.errors import NotFound, Unavailable

pytestmark = pytest.mark.anyio
CONTENT = b"what was decided"
DIGEST = digest_of(CONTENT)
KEY, SECRET = "quaestor", "a-long-secret"


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Run moto's S3 server, with a bucket."""
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket="contents")
    client.close()
    yield url
    server.stop()


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run `rclone serve s3`, which checks signatures, with a bucket."""
    import sys

    folder = tmp_path_factory.mktemp("rclone")
    (folder / "contents").mkdir()
    port = free_port()
    program = Path(sys.executable).parent / "rclone"
    process = subprocess.Popen(
        [
            program, "serve", "s3", folder,
            "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def files_in(folder: Path) -> list[Path]:
    """List the files below a folder."""
    return [file for file in folder.rglob("*") if file.is_file()]


def s3(url: str, *, bucket: str = "contents", secret: str = SECRET) -> S3Blobs:
    """Give a store on an S3 server."""
    options = S3Options(
        bucket=bucket,
        endpoint_url=url,
        access_key_id=KEY,
        secret_access_key=secret,
        prefix="p/",
    )
    return S3Blobs(options, threads=4)


@pytest.fixture(params=["files", "moto", "rclone"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BlobStore]:
    """Give each kind of blob store."""
    store: BlobStore
    if request.param == "files":
        store = FileBlobs(tmp_path / "blobs")
    else:
        store = s3(request.getfixturevalue(request.param))
    yield store
    await store.close()


async def test_what_is_put_can_be_got(blobs: BlobStore) -> None:
    """A content comes back as it was put."""
    await blobs.put(DIGEST, CONTENT)
    assert await blobs.get(DIGEST) == CONTENT


async def test_put_again(blobs: BlobStore) -> None:
    """Putting the same content again is no error."""
    await blobs.put(DIGEST, CONTENT)
    await blobs.put(DIGEST, CONTENT)
    assert await blobs.get(DIGEST) == CONTENT


async def test_absent(blobs: BlobStore) -> None:
    """A content that was never put is not found."""
    with pytest.raises(NotFound):
        await blobs.get(digest_of(b"never put"))


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 600_000], ids=["empty", "1.2 MB"])
async def test_sizes(blobs: BlobStore, content: bytes) -> None:
    """Empty and large contents are kept like any other."""
    digest = digest_of(content)
    await blobs.put(digest, content)
    assert await blobs.get(digest) == content


async def test_many_at_once(blobs: BlobStore) -> None:
    """The same content from many writers at once is kept whole."""
    content = b"at once" * 10_000
    digest = digest_of(content)
    await asyncio.gather(*(blobs.put(digest, content) for _ in range(12)))
    assert await blobs.get(digest) == content


async def test_ready(blobs: BlobStore) -> None:
    """A store that works says so."""
    await blobs.check()


async def test_damaged_file(tmp_path: Path) -> None:
    """A content with a flipped byte is never served, and is mended when it is put again."""
    store = FileBlobs(tmp_path)
    await store.put(DIGEST, CONTENT)
    (file,) = files_in(tmp_path)
    file.write_bytes(b"W" + CONTENT[1:])
    with pytest.raises(Unavailable, match="damaged"):
        await store.get(DIGEST)
    await store.put(DIGEST, CONTENT)
    assert await store.get(DIGEST) == CONTENT
    await store.close()


async def test_files_are_sharded_and_whole(tmp_path: Path) -> None:
    """A content is one file below two folders of its first digits; nothing temporary stays."""
    store = FileBlobs(tmp_path)
    await store.put(DIGEST, CONTENT)
    digits = DIGEST.removeprefix("sha256:")
    files = [f.relative_to(tmp_path).as_posix() for f in files_in(tmp_path)]
    assert files == [f"{digits[:2]}/{digits[2:4]}/{digits}"]
    await store.close()


@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503)]
)
async def test_disk_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    """A full disk is 507, a failing one 503; nothing half-written stays, and later it works."""
    store = FileBlobs(tmp_path)

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(Unavailable) as caught:
            await store.put(DIGEST, CONTENT)
    assert caught.value.status_code == status
    assert files_in(tmp_path) == []
    await store.put(DIGEST, CONTENT)
    assert await store.get(DIGEST) == CONTENT
    await store.close()


async def test_folder_that_was_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose folder could not be synced is not acknowledged until its folder is."""
    store = FileBlobs(tmp_path)
    digits = DIGEST.removeprefix("sha256:")
    folder = tmp_path / digits[:2] / digits[2:4]
    sync = fs_blobs._sync_folder
    synced: list[Path] = []

    def fail(path: Path) -> None:
        if path == folder:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(path)

    with monkeypatch.context() as patch:
        patch.setattr(fs_blobs, "_sync_folder", fail)
        for _ in range(2):
            with pytest.raises(Unavailable):
                await store.put(DIGEST, CONTENT)
    monkeypatch.setattr(fs_blobs, "_sync_folder", synced.append)
    await store.put(DIGEST, CONTENT)
    assert folder in synced
    await store.close()


async def test_wrong_secret(rclone: str) -> None:
    """A wrong secret is refused by the server, and that is Unavailable, not NotFound."""
    store = s3(rclone, secret="another-secret")
    for call in (store.put(DIGEST, CONTENT), store.get(DIGEST), store.check()):
        with pytest.raises(Unavailable):
            await call
    await store.close()


async def test_no_bucket(moto: str) -> None:
    """A bucket that does not exist makes the store unready, and a put fails."""
    store = s3(moto, bucket="none-such")
    with pytest.raises(Unavailable):
        await store.check()
    with pytest.raises(Unavailable):
        await store.put(DIGEST, CONTENT)
    await store.close()


async def test_nobody_answers() -> None:
    """A server that does not answer is Unavailable."""
    store = s3(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable):
        await store.get(DIGEST)
    await store.close()


def test_secret_is_not_shown() -> None:
    """The options do not show their secret."""
    options = S3Options(bucket="b", secret_access_key=SECRET)
    settings = Settings(s3_secret_access_key=SECRET)
    for shown in (options, settings):
        assert SECRET not in repr(shown)
        assert SECRET not in pretty_repr(shown)
