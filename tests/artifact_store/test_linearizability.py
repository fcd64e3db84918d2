"""Versions and journals are linearizable: one order explains all that concurrent clients saw."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.support.http import Http, Reply
from tests.support.linearizability import Done, is_linearizable
from tests.support.servers import ServerProcess

NEVER = float("inf")


def version_step(latest: int, asked: Any, answered: Any) -> int | None:
    """Follow an artifact's latest number: `("read",)` or `("write", expected or None)`."""
    if answered is None:  # no answer came: it was done, where it could be; it may as well be later
        expected = asked[1] if asked[0] == "write" else None
        return latest + 1 if asked[0] == "write" and expected in (None, latest) else latest
    if asked[0] == "read":
        return latest if answered == latest else None
    kind, number = answered
    if kind == "refused":
        return latest if asked[1] != latest and number == latest else None
    if asked[1] not in (None, latest):
        return None
    return number if number == latest + 1 else None


@pytest.mark.parametrize(
    ("history", "good"),
    [
        ([Done(0, 1, ("write", 0), ("made", 1)), Done(2, 3, ("read",), 1)], True),
        ([Done(0, 1, ("write", 0), ("made", 1)), Done(2, 3, ("read",), 0)], False),
        ([Done(0, 3, ("write", 0), ("made", 1)), Done(1, 2, ("read",), 0)], True),
        ([Done(0, 3, ("write", 0), ("made", 1)), Done(1, 2, ("write", 0), ("made", 1))], False),
        ([Done(0, 3, ("write", 0), ("made", 1)), Done(1, 2, ("write", 0), ("refused", 1))], True),
        ([Done(0, 1, ("write", 0), ("made", 1)), Done(2, 3, ("write", 0), ("refused", 0))], False),
        ([Done(0, NEVER, ("write", 0), None), Done(2, 3, ("read",), 1)], True),
        ([Done(0, NEVER, ("write", 0), None), Done(2, 3, ("read",), 0)], True),
        (
            [
                Done(0, NEVER, ("write", 0), None),
                Done(2, 3, ("read",), 1),
                Done(4, 5, ("read",), 0),
            ],
            False,
        ),
        (
            [
                Done(0, 9, ("write", None), ("made", 1)),
                Done(1, 8, ("write", None), ("made", 2)),
                Done(2, 3, ("read",), 2),
                Done(4, 5, ("read",), 1),
            ],
            False,
        ),
    ],
)
def test_the_checker(history: list[Done], good: bool) -> None:  # noqa: FBT001
    """The checker takes histories that are right, and finds the lie in those that are not."""
    assert is_linearizable(history, 0, version_step) is good


class Recorder:
    """Runs clients at once and writes down what each asked, when, and what it was answered."""

    def __init__(self) -> None:
        self.history: list[Done] = []
        self._lock = threading.Lock()

    def run(self, asked: Any, call: Callable[[], Any]) -> None:
        """Make a call."""
        begin = time.monotonic()
        try:
            answered, end = call(), time.monotonic()
        except (OSError, HTTPException):
            answered, end = None, NEVER
        with self._lock:
            self.history.append(Done(begin, end, asked, answered))


def versions_client(store: Http, record: Recorder, seed: int) -> None:
    """Write, with and without an expected version, and read, as it comes."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    body = {"feature_id": "race", "path": "x.txt", "media_type": "text/plain"}
    known = 0

    def write(expected: int | None, text: str) -> tuple[str, int]:
        more: dict[str, Any] = {} if expected is None else {"expected_version": expected}
        full = {**body, "text": text, "if_exists": "new_version", **more}
        reply = store.post("/v1/artifacts", full)
        if reply.status == 201:
            return ("made", reply.data["number"])
        assert reply.status == 412
        return ("refused", reply.error["meta"]["current_version"])

    def read() -> int:
        found = store.get("/v1/artifacts?feature_id=race&path=x.txt").data
        return found[0]["latest"]["number"] if found else 0

    for number in range(6):
        if chance.random() < 0.3:
            record.run(("read",), read)
        else:
            expected = chance.choice([None, known])
            text = f"{seed} {number}"
            record.run(("write", expected), partial(write, expected, text))
        answered = record.history[-1].answered
        known = answered if isinstance(answered, int) else (answered or ("", known))[1]


def journal_client(store: Http, record: Recorder, journal: str, seed: int) -> None:
    """Append under an expected version, and read, as it comes."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    known = 0

    def append(expected: int) -> tuple[str, int]:
        body = {"expected_version": expected, "events": [{"type": "n", "data": {}}]}
        reply: Reply = store.post(f"/v1/journals/{journal}/events", body)
        if reply.status == 201:
            return ("made", reply.data["version"])
        assert reply.status == 412
        return ("refused", reply.error["meta"]["current_version"])

    def read() -> int:
        version: int = store.get(f"/v1/journals/{journal}?after=0").data["version"]
        return version

    for _ in range(6):
        if chance.random() < 0.3:
            record.run(("read",), read)
        else:
            expected = known
            record.run(("write", expected), partial(append, expected))
        answered = record.history[-1].answered
        known = answered if isinstance(answered, int) else (answered or ("", known))[1]


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True])
def test_versions_and_journals(tmp_path: Path, killed: bool) -> None:  # noqa: FBT001
    """What many clients saw at once, a kill and a restart in between, has one explaining order."""
    settings = {"DATA_DIR": str(tmp_path / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, tmp_path / "log")
    server.start()
    try:
        store = Http(server.url)
        journal = store.post("/v1/journals", {"key": "session:r", "feature_id": "race"}).data["id"]
        versions, journals = Recorder(), Recorder()
        with ThreadPoolExecutor(8) as pool:
            clients = [
                pool.submit(client, seed)
                for seed in range(4)
                for client in (
                    partial(versions_client, store, versions),
                    partial(journal_client, store, journals, journal),
                )
            ]
            if killed:
                while len(versions.history) < 6:
                    time.sleep(0.001)
                server.end(9)
                server.start()
        for client in clients:
            client.result()
        assert len(versions.history) == len(journals.history) == 24
        assert is_linearizable(versions.history, 0, version_step)
        assert is_linearizable(journals.history, 0, version_step)
        assert any(one.answered is not None for one in versions.history)
    finally:
        server.end()
