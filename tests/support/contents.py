"""Contents over HTTP for tests: a store of their own, and uploads to it."""

import hashlib
from pathlib import Path

from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess

__all__ = ["MOST", "blob_files", "digest_of", "start", "upload"]

MOST = 8_000_000  # bytes that may be uploaded


def start(folder: Path, **settings: str) -> ServerProcess:
    """Start a store on a folder."""
    given = {"DATA_DIR": str(folder / "data"), "MAX_BLOB_BYTES": str(MOST), **settings}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", given, folder / "store.log")
    server.start()
    return server


def digest_of(content: bytes) -> str:
    """Name a content."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def upload(store: Http, content: bytes, media_type: str = "text/markdown", **headers: str) -> Reply:
    """Upload a content under its digest."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return store.send(
        "PUT",
        f"/v1/blobs/{digest_of(content)}",
        body=content,
        headers={"Content-Type": media_type, **named},
    )


def blob_files(folder: Path) -> list[Path]:
    """List the files of contents, and those that are being written."""
    return [file for file in (folder / "data" / "blobs").rglob("*") if file.is_file()]
