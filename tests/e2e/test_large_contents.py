"""A content far larger than the memory that it may take, through gateway and store."""

import hashlib
import http.client
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.http import Http
from tests.support.servers import ServerProcess

from quaestor_gateway.key_file import new_key

SIZE, PIECE = 100, 1_048_576
MOST_MEMORY = 40 * PIECE  # beyond what a process has before the first request
KEY = new_key("ada")
SEED = os.urandom(PIECE)

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")


def pieces() -> Iterator[bytes]:
    """Give a content of SIZE pieces, each another one."""
    for number in range(SIZE):
        yield number.to_bytes(4, "big") + SEED[4:]


def peak(server: ServerProcess) -> int:
    """Give the most memory that a process has had so far, in bytes."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_a_hundred_megabytes(tmp_path: Path) -> None:
    """100 MiB go up and come down, whole and in parts, and neither process ever holds them."""
    store = ServerProcess(
        "quaestor_artifact_store",
        "ARTIFACT_STORE",
        {"DATA_DIR": str(tmp_path / "store")},
        tmp_path / "store.log",
    )
    settings = {
        "DATA_DIR": str(tmp_path / "gateway"),
        "KEY_HASHES": f"{KEY.kept.id}:{KEY.kept.hash}",
        "ARTIFACT_STORE_URL": store.url,
    }
    gateway = ServerProcess("quaestor_gateway", "GATEWAY", settings, tmp_path / "gateway.log")
    store.start()
    gateway.start()
    before = peak(store), peak(gateway)

    hashed = hashlib.sha256()
    for piece in pieces():
        hashed.update(piece)
    digest = f"sha256:{hashed.hexdigest()}"
    headers = {"Authorization": f"Bearer {KEY.text}", "Content-Type": "application/x-tar"}
    connection = http.client.HTTPConnection(Http(gateway.url)._address, timeout=60)
    connection.request("PUT", f"/v1/blobs/{digest}", body=pieces(), headers=headers)
    reply = connection.getresponse()
    assert reply.status == 201, reply.read()
    reply.read()

    api = Http(gateway.url, KEY.text)
    body = {"feature_id": "large", "path": "all.tar", "media_type": "application/x-tar"}
    made = api.post("/v1/artifacts", {**body, "digest": digest})
    assert (made.status, made.data["size"]) == (201, SIZE * PIECE)

    connection.request("GET", f"{made.headers['location']}/content", headers=headers)
    reply = connection.getresponse()
    assert reply.getheader("Content-Length") == str(SIZE * PIECE)
    came = hashlib.sha256()
    while chunk := reply.read(PIECE):
        came.update(chunk)
    assert came.hexdigest() == hashed.hexdigest()

    part = api.get(f"/v1/blobs/{digest}", Range=f"bytes={50 * PIECE}-{50 * PIECE + 9}")
    assert (part.status, part.body) == (206, (50).to_bytes(4, "big") + SEED[4:10])
    # Refused by the store before it is read, while it still comes: the answer arrives all the same.
    refused = api.send("PUT", "/v1/blobs/sha256:abc", body=b"".join(pieces()))
    assert (refused.status, refused.error["details"][0]["field"]) == (400, "digest")

    assert peak(store) - before[0] < MOST_MEMORY
    assert peak(gateway) - before[1] < MOST_MEMORY
    connection.close()
    gateway.end()
    store.end()
