"""What several test files of artifact-store run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.blob_stores import s3

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.fs_blobs import FileBlobs

# The quick round is on files; an S3 server is a process, and `make test` runs both.
_S3 = [pytest.param(server, marks=pytest.mark.slow) for server in ("moto", "rclone")]


@pytest.fixture(params=["files", *_S3])
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
