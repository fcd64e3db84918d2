"""What was acknowledged survives a kill at any write, a full disk, and a failing sync."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess
from tests.support.tracing import WRITES, can_trace, counted, injected

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_trace(), reason="needs strace, and the right to use it"),
]
TEXT = "some text that is found again"


def server_on(folder: Path) -> ServerProcess:
    """Make a store's process on a folder."""
    settings = {"DATA_DIR": str(folder / "data"), "HOUSEKEEPING_INTERVAL_S": "3600"}
    return ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")


def create(store: Http, number: int) -> Reply | None:
    """Create a version; None where no whole answer came."""
    body = {
        "feature_id": "ff",
        "path": f"{number}.txt",
        "media_type": "text/plain",
        "text": f"{TEXT} {number}",
    }
    try:
        return store.post("/v1/artifacts", body)
    except (OSError, HTTPException):
        return None


def check_all(store: Http, acknowledged: set[str]) -> None:
    """Every acknowledged version is there, and whatever is there is whole and can be found."""
    listed: list[dict[str, Any]] = store.get("/v1/artifacts?limit=200").data
    assert acknowledged <= {artifact["path"] for artifact in listed}
    for artifact in listed:
        number = artifact["path"].removesuffix(".txt")
        read = store.get(f"/v1/artifacts/{artifact['id']}/versions/latest/content")
        assert (read.status, read.body.decode()) == (200, f"{TEXT} {number}")
        found = store.get(f"/v1/search?q=found+again&path={artifact['path']}").data
        assert [hit["artifact_id"] for hit in found] == [artifact["id"]]
    report = store.get("/v1/audit/verify").data
    assert report["intact"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder with one version in it, as a store left it that was killed."""
    folder = tmp_path_factory.mktemp("prepared")
    server = server_on(folder)
    server.start()
    made = create(Http(server.url), 0)
    assert made is not None
    assert made.status == 201
    server.end()
    return folder / "data"


@pytest.fixture(scope="module")
def writes(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Count the calls of each kind that a create makes."""
    folder = tmp_path_factory.mktemp("counted")
    shutil.copytree(prepared, folder / "data")
    server = server_on(folder)
    server.start()
    with counted(server.pid, folder / "trace") as counts:
        made = create(Http(server.url), 1)
    server.end()
    assert made is not None
    assert made.status == 201
    assert counts["pwrite64"] > 1
    assert counts["fsync"] > 1
    return dict(counts)


# Of calls that a create makes by the dozen, the first and the last ones and some in between are
# killed; with the variable set to a large number, every one of them.
MOST = int(os.environ.get("QUAESTOR_KILL_POINTS", "8"))


def points(calls: int) -> list[int]:
    """Choose the calls to kill at, the first and the last among them."""
    if calls <= MOST:
        return list(range(1, calls + 1))
    return sorted({1 + round(i * (calls - 1) / (MOST - 1)) for i in range(MOST)})


@pytest.mark.parametrize("call", WRITES)
def test_a_kill_at_every_write(
    call: str, prepared: Path, writes: dict[str, int], tmp_path: Path
) -> None:
    """Killed at any call of a create that writes, the store loses nothing that it acknowledged."""
    for number in points(writes.get(call, 0)):
        folder = tmp_path / str(number)
        shutil.copytree(prepared, folder / "data")
        server = server_on(folder)
        server.start()
        acknowledged = {"0.txt"}
        with injected(server.pid, f"{call}:signal=SIGKILL:when={number}"):
            made = create(Http(server.url), 1)
            if made is not None and made.status == 201:
                acknowledged.add("1.txt")
        server.end(9)
        server.start()
        check_all(Http(server.url), acknowledged)
        again = create(Http(server.url), 1)
        assert again is not None
        assert again.status in (200, 201)
        check_all(Http(server.url), {"0.txt", "1.txt"})
        server.end()


@pytest.mark.parametrize("call", ["write", "fsync", "fdatasync", "rename", "unlink"])
def test_a_kill_among_many(call: str, prepared: Path, tmp_path: Path) -> None:
    """Killed while it takes in many contents at once, the store loses none it acknowledged."""
    numbers = range(1, 65)
    for number in (1, 2, 7, 20):
        folder = tmp_path / str(number)
        shutil.copytree(prepared, folder / "data")
        server = server_on(folder)
        server.start()
        with (
            injected(server.pid, f"{call}:signal=SIGKILL:when={number}"),
            ThreadPoolExecutor(16) as clients,
        ):
            made = clients.map(partial(create, Http(server.url)), numbers)
            statuses = [None if reply is None else reply.status for reply in made]
        server.end(9)
        server.start()
        acknowledged = {
            f"{n}.txt" for n, status in zip(numbers, statuses, strict=True) if status == 201
        }
        check_all(Http(server.url), {"0.txt", *acknowledged})
        server.end()


@pytest.fixture
def store(prepared: Path, tmp_path: Path) -> Iterator[ServerProcess]:
    """Run a store on a copy of the prepared folder."""
    shutil.copytree(prepared, tmp_path / "data")
    server = server_on(tmp_path)
    server.start()
    yield server
    server.end()


@pytest.mark.parametrize("call", ["pwrite64", "rename"])
def test_a_full_disk(store: ServerProcess, call: str) -> None:
    """With a full disk writes are 507, for content and rows, reads go on, and space is enough."""
    http = Http(store.url)
    with injected(store.pid, f"{call}:error=ENOSPC"):
        for number in (1, 2):
            refused = create(http, number)
            assert refused is not None
            assert (refused.status, refused.error["code"]) == (507, "STORAGE_FULL")
        check_all(http, {"0.txt"})
    made = create(http, 1)
    assert made is not None
    assert made.status == 201
    check_all(http, {"0.txt", "1.txt"})


@pytest.mark.parametrize("call", ["fsync", "fdatasync"])
def test_a_failing_sync(store: ServerProcess, call: str) -> None:
    """A write whose sync fails is 503 and not acknowledged; when syncs work again, so do writes."""
    http = Http(store.url)
    with injected(store.pid, f"{call}:error=EIO"):
        refused = create(http, 1)
        assert refused is not None
        assert (refused.status, refused.error["code"]) == (503, "UNAVAILABLE")
        check_all(http, {"0.txt"})
    made = create(http, 1)
    assert made is not None
    assert made.status == 201
    store.end(9)
    store.start()
    check_all(Http(store.url), {"0.txt", "1.txt"})
