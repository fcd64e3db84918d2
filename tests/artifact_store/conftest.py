"""What several test files of artifact-store run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.support.blob_stores import moto_server, rclone_server, s3

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.fs_blobs import FileBlobs


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Run moto's S3 server."""
    with moto_server() as url:
        yield url


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run `rclone serve s3`."""
    with rclone_server(tmp_path_factory.mktemp("rclone")) as url:
        yield url


@pytest.fixture(params=["files", "moto", "rclone"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BlobStore]:
    """Give each kind of blob store, empty."""
    store: BlobStore
    if request.param == "files":
        store = FileBlobs(tmp_path / "blobs")
    else:
        prefix = f"{tmp_path.name}/"
        store = s3(request.getfixturevalue(request.param), prefix=prefix)
    yield store
    await store.close()
