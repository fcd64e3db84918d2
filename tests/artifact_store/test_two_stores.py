"""Two store processes on one PostgreSQL database and one folder of contents."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from tests.support.http import Http, Reply
from tests.support.postgres import server
from tests.support.servers import ServerProcess

pytestmark = pytest.mark.slow
ROUNDS = 12


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Http]]:
    """Run two stores."""
    folder, url = tmp_path_factory.mktemp("stores"), server().new_database()
    settings = {"DATA_DIR": str(folder / "data"), "DATABASE_URL": url}
    processes = [
        ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / f"{n}.log")
        for n in range(2)
    ]
    with ThreadPoolExecutor(2) as pool:  # both migrate the empty database
        list(pool.map(ServerProcess.start, processes))
    yield [Http(process.url) for process in processes]
    for process in processes:
        process.end()
    logs = "".join((folder / f"{n}.log").read_text() for n in range(2))
    assert "Traceback" not in logs


def at_once(stores: list[Http], path: str, bodies: list[Any]) -> list[Reply]:
    """Post bodies all at once, by turns to each store."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda job: stores[job[0] % 2].post(path, job[1]), enumerate(bodies)))


def version(path: str, text: str, **changes: Any) -> dict[str, Any]:
    """Give the body of a version to create."""
    about = {"feature_id": "two-stores", "path": path, "media_type": "text/plain"}
    return {**about, "text": text, **changes}


def test_one_artifact_per_path(stores: list[Http]) -> None:
    """Of creates that must not find anything, sent to both at once, exactly one is taken."""
    for number in range(ROUNDS):
        bodies = [version(f"{number}.txt", f"{n}", if_exists="fail") for n in range(8)]
        replies = at_once(stores, "/v1/artifacts", bodies)
        assert sorted(reply.status for reply in replies) == [201] + [409] * 7


def test_one_winner_per_expected_version(stores: list[Http]) -> None:
    """Of appends that expect the same version, sent to both at once, exactly one is taken."""
    made = stores[0].post("/v1/journals", {"key": "session:two", "feature_id": "two-stores"})
    place = made.headers["location"]
    for number in range(ROUNDS):
        events = [{"type": "n", "data": {"n": number}}]
        body = {"expected_version": number, "events": events}
        replies = at_once(stores, f"{place}/events", [body] * 6)
        assert sorted(reply.status for reply in replies) == [201] + [412] * 5
        assert {r.error["meta"]["current_version"] for r in replies if r.status == 412} == {
            number + 1
        }


def test_numbers_and_positions_have_no_gaps(stores: list[Http]) -> None:
    """Versions count up without a gap, both read what either wrote, and the chain is one."""
    bodies = [version("n.txt", f"{n}", if_exists="new_version") for n in range(40)]
    replies = at_once(stores, "/v1/artifacts", bodies)
    assert sorted(reply.data["number"] for reply in replies) == list(range(1, 41))
    artifact = replies[0].data["artifact_id"]
    for store in stores:
        for reply, body in zip(replies, bodies, strict=True):
            number = reply.data["number"]
            read = store.get(f"/v1/artifacts/{artifact}/versions/{number}/content")
            assert read.body.decode() == body["text"]
    positions = [change["position"] for change in changes(stores[1])]
    assert positions == list(range(1, len(positions) + 1))
    times = [change["created_at"] for change in changes(stores[0])]
    assert all(before <= after for before, after in pairwise(times))
    assert stores[0].get("/v1/audit/verify").data["intact"] is True


def changes(store: Http) -> list[Any]:
    """List every change, oldest first."""
    found: list[Any] = []
    path: str | None = "/v1/audit?limit=200&order=oldest"
    while path is not None:
        page = store.get(path)
        found += page.data
        link = page.headers.get("link")
        path = link.partition("<")[2].partition(">")[0] if link else None
    return found
