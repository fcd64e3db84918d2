"""A write that is sent again with its key is done once: over real HTTP, and over kill -9."""

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.support.databases import KINDS, opened
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess
from tests.support.serving import serving

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.repository.idempotency import (
    KeptReply,
    KeyScope,
    find,
    forget_expired,
    keep,
)
from quaestor_artifact_store.settings import Settings
from quaestor_shared.clock import later

BODY: dict[str, Any] = {
    "feature_id": "meal-planner-v1",
    "path": "design/backend.json",
    "media_type": "application/json",
    "text": "{}",
    "if_exists": "new_version",
}
START = "2026-01-31T16:00:00.000000Z"


class Time:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> str:
        """Give the time that was set."""
        return self.now


class Store:
    """A store on a real socket, and its clock."""

    def __init__(self, url: str, clock: Time) -> None:
        self.http = Http(url)
        self.time = clock

    def create(self, key: str, body: dict[str, Any] = BODY, **headers: str) -> Reply:
        """Send a create with a key."""
        return self.http.post("/v1/artifacts", body, Idempotency_Key=key, **headers)

    def versions(self, feature: str) -> int:
        """Count the versions of the one artifact of a feature; 0 where there is none."""
        found = self.http.get(f"/v1/artifacts?feature_id={feature}").data
        return found[0]["latest"]["number"] if found else 0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Run a store whose clock the tests set."""
    clock, folder = Time(), tmp_path_factory.mktemp("store")
    settings = Settings(data_dir=str(folder), housekeeping_interval_s=0.05)
    with serving(create_app(settings, clock)) as url:
        yield Store(url, clock)


def feature(name: str, **changes: Any) -> dict[str, Any]:
    """Give a body for a feature that no other test uses."""
    return {**BODY, "feature_id": name, **changes}


def test_the_same_again(store: Store) -> None:
    """A repeated write has no second effect and the very same reply, which says what it is."""
    first = store.create("a-1", feature("again"))
    again = store.create("a-1", feature("again"))
    assert (first.status, again.status) == (201, 201)
    assert first.data == again.data
    for name in ("location", "etag"):
        assert first.headers[name] == again.headers[name]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert store.versions("again") == 1
    assert store.create("a-2", feature("again")).data["number"] == 2


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/journals", {"key": "k:1", "feature_id": "writes"}),
        ("POST", "/v1/commits", {"versions": [feature("writes")]}),
        (
            "POST",
            "{journal}/events",
            {"expected_version": 0, "events": [{"type": "a", "data": {"n": [1.5, "ü"]}}]},
        ),
        ("DELETE", "{journal}", None),
    ],
)
def test_every_write(store: Store, method: str, path: str, body: Any) -> None:
    """Each kind of write is done once, where a second time would be refused or do it again."""
    made = store.http.post("/v1/journals", {"key": f"{method}{path}:", "feature_id": "writes"})
    target = path.format(journal=made.headers["location"])
    headers = {"Idempotency-Key": "w"}
    first, again = (store.http.send(method, target, body=body, headers=headers) for _ in "12")
    assert first.status < 300, first.body
    assert (again.status, again.data) == (first.status, first.data)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers.get("etag") == first.headers.get("etag")


def test_writes_of_which_the_ground_is_gone(store: Store) -> None:
    """A write is told of as it was, also when what it was about was changed or deleted since."""
    path = "/v1/features/ground/files/doc.md"

    def send(method: str, path: str, body: Any = None, **headers: str) -> Reply:
        sent = {"Idempotency-Key": "g", "Content-Type": "text/markdown", **headers}
        return store.http.send(method, path, body=body, headers=sent)

    made = send("PUT", path, b"# Doc\n", **{"If-None-Match": "*"})
    assert made.status == 201
    artifact = f"/v1/artifacts/{made.data['artifact_id']}"
    changed = send(
        "PUT", path, b"# Other\n", **{"Idempotency-Key": "g2", "If-Match": made.headers["etag"]}
    )
    assert changed.status in (200, 201), changed.body
    section = {"text": "## ada\n\nwrote this.\n"}
    approval = {"digest": made.data["digest"]}
    json_type = {"Content-Type": "application/json"}
    writes = [
        ("PUT", path, b"# Doc\n", {"If-None-Match": "*"}),
        ("PUT", f"{artifact}/sections/ada", section, json_type),
        ("POST", f"{artifact}/versions/1/approvals", approval, json_type),
        ("POST", "/v1/batches", {"versions": [feature("ground")]}, json_type),
        ("DELETE", artifact, None, {}),
        ("POST", f"{artifact}/restorations", None, {}),
        ("DELETE", "/v1/features/ground", None, {}),
        ("POST", "/v1/features/ground/purges", None, {}),
    ]
    first = [send(method, at, body, **more) for method, at, body, more in writes]
    for reply in first:
        assert reply.status < 300, reply.body
    for (method, at, body, more), reply in zip(writes, first, strict=True):
        again = send(method, at, body, **more)
        assert (again.status, again.data) == (reply.status, reply.data), at
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers.get("etag") == reply.headers.get("etag")


def test_another_request_with_the_key(store: Store) -> None:
    """The key of another body, query, content type or condition is 422 and changes nothing."""
    assert store.create("b", feature("changed")).status == 201
    for reply in (
        store.create("b", feature("changed", text="[]")),
        store.create("b", feature("changed"), Content_Type="application/json; charset=utf-8"),
        store.create("b", feature("changed"), If_Match='"1"'),
        store.http.post("/v1/artifacts?dry_run=0", feature("changed"), Idempotency_Key="b"),
    ):
        assert (reply.status, reply.error["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert store.versions("changed") == 1


def test_within_what_a_key_is_one(store: Store) -> None:
    """The same key of another principal, on another path or with another method is another key."""
    body = feature("scope")
    ada, bob = (store.create("c", body, X_Quaestor_Principal=name) for name in ("ada", "bob"))
    assert (ada.data["number"], bob.data["number"]) == (1, 2)
    assert (ada.data["author"], bob.data["author"]) == ("ada", "bob")
    commit = store.http.post("/v1/commits", {"versions": [body]}, Idempotency_Key="c")
    assert commit.data["versions"][0]["number"] == 3


def test_what_was_refused_is_looked_at_anew(store: Store) -> None:
    """A refused request keeps nothing: when it is right later, it is done."""
    body = feature("refused", expected_version=1)
    assert store.create("d", body).status == 412
    assert store.create("other", feature("refused")).status == 201
    assert store.create("d", body).data["number"] == 2
    assert store.create("d", body).headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("key", ["", '""', "ü", "x" * 256, "a\tb", f'"{"y" * 256}"'])
def test_what_is_no_key(store: Store, key: str) -> None:
    """A key that is empty, too long or not printable ASCII is 400, and names the header."""
    reply = store.create(key, feature("bad-key"))
    assert (reply.status, reply.error["details"][0]["field"]) == (400, "Idempotency-Key")
    assert store.versions("bad-key") == 0


@pytest.mark.parametrize(
    ("sent", "again"), [("q", '"q"'), ('"a\\"b\\\\"', 'a"b\\'), ("x" * 255, f'"{"x" * 255}"')]
)
def test_a_key_in_quotes(store: Store, sent: str, again: str) -> None:
    """A key as a string of structured fields and the same key bare are one."""
    store.create(sent, feature("quoted"))
    assert store.create(again, feature("quoted")).headers["idempotency-replayed"] == "true"


def test_after_a_day(store: Store) -> None:
    """For 24 hours a key counts, and not a microsecond longer."""
    body = feature("a-day")
    assert store.create("e", body).data["number"] == 1
    store.time.now = later(START, 24 * 3600 - 1e-6)
    assert store.create("e", body).data["number"] == 1
    store.time.now = later(START, 24 * 3600)
    assert store.create("e", body).data["number"] == 2
    assert store.create("e", body).data["number"] == 2


def test_asking_for_a_kept_reply(store: Store) -> None:
    """A service can ask what a write was answered with, and is told when that was another one."""
    body = {"key": "kept:1", "feature_id": "kept"}
    made = store.http.post(
        "/v1/journals", body, Idempotency_Key="h", X_Quaestor_Fingerprint="a" * 64
    )
    path = "/v1/kept-replies?method=POST&route=/v1/journals"

    def ask(path: str = path, fingerprint: str = "a" * 64, **headers: str) -> Reply:
        return store.http.get(path, X_Quaestor_Fingerprint=fingerprint, **headers)

    assert ask(Idempotency_Key="h").data["reply"] == made.data
    assert ask(Idempotency_Key="other").status == 404
    assert ask(Idempotency_Key="h", X_Quaestor_Principal="bob").status == 404
    assert ask(path.replace("POST", "PUT"), Idempotency_Key="h").status == 404
    assert ask(Idempotency_Key="h", fingerprint="b" * 64).status == 422
    assert ask().status == 400
    assert ask("/v1/kept-replies?method=POST", Idempotency_Key="h").status == 400


@pytest.mark.slow
def test_many_at_once(store: Store) -> None:
    """Of 64 requests with one key at once, one has an effect; the others see it or wait."""
    body, together = feature("at-once"), threading.Barrier(64)

    def send(_: int) -> Reply:
        together.wait(30)
        return store.create("f", body)

    with ThreadPoolExecutor(64) as pool:
        replies = list(pool.map(send, range(64)))
    done = [reply for reply in replies if reply.status == 201]
    assert len([reply for reply in done if "idempotency-replayed" not in reply.headers]) == 1
    assert {reply.data["id"] for reply in done} == {done[0].data["id"]}
    for reply in replies:
        if reply.status != 201:
            assert reply.error["code"] == "IDEMPOTENCY_KEY_IN_USE"
            assert reply.headers["retry-after"] == "1"
    assert store.versions("at-once") == 1


@pytest.mark.slow
def test_kill(tmp_path: Path) -> None:
    """Whatever moment SIGKILL comes in, each write sent again with its key is there once."""
    settings = {"DATA_DIR": str(tmp_path / "data")}
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, tmp_path / "log")
    server.start()
    store = Store(server.url, Time())
    answered: dict[str, str] = {}

    def write(number: int) -> None:
        key = f"k-{number}"
        try:
            answered[key] = store.create(key).data["id"]
        except (OSError, HTTPException):
            return  # killed in between: whether it was done, nobody knows
        if len(answered) == 20:
            server.end(signal.SIGKILL)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert len(answered) >= 20
    server.start()
    try:
        ids = {f"k-{number}": store.create(f"k-{number}").data["id"] for number in range(40)}
        assert {key: ids[key] for key in answered} == answered
        assert len(set(ids.values())) == 40
        assert store.versions("meal-planner-v1") == 40
    finally:
        server.end()


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_expired_rows_are_removed(kind: str, tmp_path: Path) -> None:
    """What has expired is removed, oldest first, in steps; what has not stays."""
    scopes = [KeyScope("ada", "POST", "/v1/x", str(number)) for number in range(7)]
    async with opened(kind, tmp_path) as database:

        def put(tx: Transaction) -> None:
            for number, scope in enumerate(scopes):
                hours = -number if number else 1
                keep(tx, scope, KeptReply("f", "{}"), hours)

        await database.write(put)
        assert await database.write(lambda tx: forget_expired(tx, 4)) == 4
        assert await database.write(lambda tx: forget_expired(tx, 4)) == 2
        assert await database.write(lambda tx: forget_expired(tx, 4)) == 0
        kept = await database.read(lambda c: [find(c, scope, START) for scope in scopes])
        assert kept == [KeptReply("f", "{}"), *[None] * 6]


def test_the_background_removes_them_too(store: Store) -> None:
    """A running store removes expired keys by itself: they stay away when the clock is set back."""
    store.create("g", feature("swept"))
    before = store.time.now
    for _ in range(500):
        store.time.now = later(before, 25 * 3600)
        time.sleep(0.02)
        store.time.now = before
        if store.create("g", feature("swept", text="[]")).status == 201:
            return
    raise AssertionError("an expired key is still there")
