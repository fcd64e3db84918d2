"""Webhooks against a real receiver that fails, hangs, leaves and comes back."""

import base64
import hashlib
import hmac
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support import postgres
from tests.support.http import Http, Reply
from tests.support.receiver import Receiver, Seen, receiving
from tests.support.servers import ServerProcess, free_port
from tests.support.sse import Stream

pytestmark = pytest.mark.slow
ATTEMPTS = 4


def start(folder: Path, **more: str) -> ServerProcess:
    """Start a store on a folder that is in a hurry, and may send to this machine."""
    settings = {
        "DATA_DIR": str(folder / "data"),
        "EVENTS_POLL_S": "0.1",
        "WEBHOOK_PRIVATE_ADDRESSES": "true",
        "WEBHOOK_BACKOFF_S": "0.05",
        "WEBHOOK_ATTEMPTS": str(ATTEMPTS),
        "WEBHOOK_TIMEOUT_S": "1",
        **more,
    }
    server = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "log")
    server.start()
    return server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Run one store for the tests of this module."""
    started = start(tmp_path_factory.mktemp("store"))
    yield started
    started.end()


@pytest.fixture
def store(server: ServerProcess) -> Iterator[Http]:
    """Give a client, and delete what webhooks a test made."""
    http = Http(server.url)
    yield http
    for webhook in http.get("/v1/webhooks").data:
        http.send("DELETE", f"/v1/webhooks/{webhook['id']}")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver."""
    with receiving() as running:
        yield running


class Hook:
    """A webhook, as its owner sees it."""

    def __init__(self, store: Http, url: str, **more: Any) -> None:
        body = {"url": url, "types": ["version.*"], **more}
        self.made = store.post("/v1/webhooks", body)
        assert self.made.status == 201, self.made.body
        self.store = store
        self.place = self.made.headers["location"]
        self.secret: str = self.made.data["secret"]

    def view(self) -> Any:
        """Read it."""
        return self.store.get(self.place).data

    def deliveries(self, state: str = "") -> list[Any]:
        """List its deliveries, oldest first."""
        query = f"?state={state}" if state else ""
        listed: list[Any] = self.store.get(f"{self.place}/deliveries{query}").data
        return listed[::-1]

    def until(self, state: str, number: int = 1) -> list[Any]:
        """Wait until so many deliveries are in a state."""
        for _ in range(600):
            found = self.deliveries(state)
            if len(found) >= number:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not {number} are {state}: {self.deliveries()}")

    def replay(self, **what: Any) -> Reply:
        """Ask to send again."""
        return self.store.post(f"{self.place}/replays", what)


def write(store: Http, number: int = 1, feature: str = "hooked") -> list[str]:
    """Make versions, and give the paths of their artifact."""
    body = {
        "feature_id": feature,
        "path": "a.txt",
        "media_type": "text/plain",
        "text": "x",
        "if_exists": "new_version",
    }
    return [str(store.post("/v1/artifacts", body).data["number"]) for _ in range(number)]


def numbers(seen: list[Seen]) -> list[str]:
    """Give the numbers of the versions that were told of."""
    return [str(each.event["data"]["number"]) for each in seen]


def verify(seen: Seen, secret: str) -> None:
    """Check a signature as a receiver would, with nothing of ours."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{seen.headers['webhook-id']}.{seen.headers['webhook-timestamp']}.".encode()
    expected = hmac.new(key, signed + seen.body, hashlib.sha256).digest()
    version, _, signature = seen.headers["webhook-signature"].partition(",")
    assert (version, base64.b64decode(signature)) == ("v1", expected)
    assert abs(int(seen.headers["webhook-timestamp"]) - time.time()) < 60


def test_delivery(store: Http, receiver: Receiver) -> None:
    """Events come in their order, signed, once each, as CloudEvents."""
    hook = Hook(store, receiver.url)
    expected = write(store, 20)
    seen = receiver.wait(20)
    assert numbers(seen) == expected
    assert len({each.headers["webhook-id"] for each in seen}) == 20
    for each in seen:
        verify(each, hook.secret)
        assert each.event["id"] == each.headers["webhook-id"]
        assert each.headers["content-type"] == "application/cloudevents+json"
    assert [each["state"] for each in hook.until("delivered", 20)] == ["delivered"] * 20
    assert receiver.settle(0.5) == 20


def test_filters(store: Http, receiver: Receiver) -> None:
    """A webhook gets the types, and the feature, that it asked for, from where it asked for."""
    first = write(store, 1, "filter-a")
    position = store.get("/v1/audit?limit=1").data[0]["position"]
    hook = Hook(store, receiver.url, feature_id="filter-a", after=position - 1)
    store.post("/v1/journals", {"key": "hook:1", "feature_id": "filter-a"})
    write(store, 2, "filter-b")
    later = write(store, 2, "filter-a")
    assert numbers(receiver.wait(3)) == [*first, *later]
    assert receiver.settle(0.5) == 3
    assert hook.view()["position"] >= position + 5


def test_retries(store: Http, receiver: Receiver) -> None:
    """What fails is sent again, with the same id and a new signature, until it is taken."""
    receiver.answers.extend([500, (302, {"Location": receiver.url}), 429])
    hook = Hook(store, receiver.url)
    write(store)
    seen = receiver.wait(4)
    assert len({each.headers["webhook-id"] for each in seen}) == 1
    for each in seen:
        verify(each, hook.secret)
    (delivery,) = hook.until("delivered")
    assert (delivery["attempts"], delivery["status"], delivery["error"]) == (4, 204, None)
    assert hook.view()["failures"] == 0


def test_one_event_that_cannot_be_taken(store: Http, receiver: Receiver) -> None:
    """An event that the receiver refuses does not hold up those after it."""
    receiver.answers.append(500)
    hook = Hook(store, receiver.url)
    first, *others = write(store, 4)
    hook.until("delivered", 4)
    told = numbers(receiver.wait(5))
    assert (told[0], sorted(told)) == (first, sorted([first, first, *others]))
    assert [number for number in told if number != first] == others


def test_a_receiver_that_hangs(store: Http, receiver: Receiver) -> None:
    """A receiver that does not answer in time has failed, and holds up nobody else."""
    receiver.answers.append(None)
    slow = Hook(store, receiver.url)
    with receiving() as other:
        Hook(store, other.url)
        expected = write(store, 2)
        assert numbers(other.wait(2)) == expected
    receiver.wait(3)
    first, _ = slow.until("delivered", 2)
    assert first["attempts"] == 2


def test_dead_letters(store: Http, receiver: Receiver) -> None:
    """After the last attempt a delivery is listed as dead, and can be sent again."""
    receiver.always = 503
    hook = Hook(store, receiver.url)
    expected = write(store, 2)
    dead = hook.until("dead", 2)
    assert [(each["attempts"], each["status"], each["error"]) for each in dead] == [
        (ATTEMPTS, 503, "status 503")
    ] * 2
    assert hook.view()["failures"] == 2 * ATTEMPTS
    receiver.always = 204
    before = len(receiver.seen)
    assert hook.replay(delivery_id=dead[1]["id"]).data == {"deliveries": 1}
    assert numbers(receiver.wait(before + 1)[before:]) == expected[1:]
    hook.until("delivered", 1)
    assert hook.replay(dead=True).data == {"deliveries": 1}
    assert numbers(receiver.wait(before + 2)[before + 1 :]) == expected[:1]
    hook.until("delivered", 2)
    assert hook.deliveries("dead") == []


def test_a_range_again(store: Http, receiver: Receiver) -> None:
    """A range of events is sent again as the webhook is filtered, delivered before or not."""
    start = store.get("/v1/audit?limit=1").data
    after = start[0]["position"] if start else 0
    write(store, 2)
    hook = Hook(store, receiver.url)
    expected = write(store, 3)
    ids = [each.headers["webhook-id"] for each in receiver.wait(3)]
    hook.until("delivered", 3)
    positions = [each["position"] for each in hook.deliveries()]
    assert hook.replay(after=positions[0], to=positions[-1]).data == {"deliveries": 2}
    again = receiver.wait(5)[3:]
    assert numbers(again) == expected[1:]
    assert [each.headers["webhook-id"] for each in again] == ids[1:]
    assert hook.replay(after=after, to=after + 2).data == {"deliveries": 2}
    receiver.wait(7)


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"dead": True, "after": 1},
        {"after": 1},
        {"after": 5, "to": 5},
        {"after": 0, "to": 20000},
    ],
)
def test_bad_replays(store: Http, receiver: Receiver, what: dict[str, Any]) -> None:
    """What to send again is said in one way, and as a range that ends."""
    reply = Hook(store, receiver.url).replay(**what)
    assert (reply.status, len(reply.error["details"])) == (400, 1)


def test_a_receiver_that_is_gone(store: Http, receiver: Receiver) -> None:
    """410 ends the webhook; made active again it goes on where it stopped."""
    receiver.answers.append(410)
    hook = Hook(store, receiver.url)
    write(store)
    hook.until("dead")
    view = hook.view()
    assert (view["active"], view["disabled_reason"]) == (False, "gone")
    expected = write(store, 2)
    assert receiver.settle(0.5) == 1
    ping = store.post(f"{hook.place}/pings", None)
    assert (ping.status, ping.error["code"]) == (409, "CONFLICT")
    changed = store.send("PATCH", hook.place, body={"active": True})
    assert (changed.data["active"], changed.data["disabled_reason"]) == (True, None)
    assert numbers(receiver.wait(3)[1:]) == expected
    types = [entry["type"] for entry in store.get(f"/v1/audit?subject={view['id']}").data]
    assert types == ["webhook.updated", "webhook.disabled", "webhook.created"]


def test_ping(store: Http, receiver: Receiver) -> None:
    """A test ping comes signed, and its delivery tells how it went."""
    hook = Hook(store, receiver.url, types=["feature.purged"])
    receiver.answers.append(418)
    ping = store.post(f"{hook.place}/pings", None)
    assert (ping.status, ping.data["state"]) == (202, "pending")
    seen = receiver.wait(2)
    verify(seen[1], hook.secret)
    assert seen[1].event["type"] == "webhook.ping"
    hook.until("delivered")
    told = store.get(ping.headers["location"]).data
    assert (told["type"], told["attempts"], told["status"]) == ("webhook.ping", 2, 204)


def test_a_receiver_that_asks_to_wait(store: Http, receiver: Receiver) -> None:
    """`Retry-After` of a failure holds the webhook back."""
    receiver.answers.append((503, {"Retry-After": "3600"}))
    hook = Hook(store, receiver.url)
    write(store, 3)
    receiver.wait(1)
    assert receiver.settle(0.7) == 1
    view = hook.view()
    assert view["paused_until"] > view["created_at"]


def test_the_secret(store: Http, receiver: Receiver, server: ServerProcess) -> None:
    """A secret is shown where it is made and nowhere after, can be given, and is replaced."""
    given = "whsec_" + base64.b64encode(b"k" * 24).decode()
    hook = Hook(store, receiver.url + "?token=in-the-query", secret=given)
    assert hook.secret == given
    other = "whsec_" + base64.b64encode(b"o" * 64).decode()
    changed = store.send("PATCH", hook.place, body={"secret": other})
    for reply in (
        changed,
        store.get(hook.place),
        store.get("/v1/webhooks"),
        store.get("/v1/audit"),
    ):
        assert reply.status == 200
        assert b"whsec_" not in reply.body
    assert b"in-the-query" not in store.get("/v1/audit").body
    write(store)
    verify(receiver.wait(1)[0], other)
    hook.until("delivered")
    log = server._log.read_text()
    assert ("whsec_" in log, "in-the-query" in log) == (False, False)


def test_changes(store: Http, receiver: Receiver) -> None:
    """What is left out of a change stays; what is deleted is sent nothing more."""
    hook = Hook(store, receiver.url, feature_id="one")
    place = hook.place
    assert store.send("PATCH", place, body={"types": []}).data["feature_id"] == "one"
    view = store.send("PATCH", place, body={"feature_id": None}).data
    assert (view["feature_id"], view["types"], view["url"]) == (None, [], receiver.url)
    again = [
        store.send("DELETE", place, headers={"Idempotency-Key": "del"}).status for _ in range(2)
    ]
    assert again == [200, 200]
    write(store)
    assert receiver.settle(0.4) == 0
    for method, path in (("GET", place), ("DELETE", place), ("GET", f"{place}/deliveries")):
        assert store.send(method, path).status == 404
    assert store.send("PATCH", place, body={}).status == 404
    assert store.post(f"{place}/pings", None).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"url": "ftp://example.com/"}, "/url"),
        ({"url": "https://u:p@example.com/"}, "/url"),
        ({"url": "https://example.com/\n"}, "/url"),
        ({"url": "https://example.com/", "secret": "whsec_short"}, "/secret"),
        ({"url": "https://example.com/", "secret": "whsec_" + "a" * 33}, "/secret"),
        ({"url": "https://example.com/", "types": ["x"]}, "/types/0"),
        ({"url": "https://example.com/", "feature_id": "A"}, "/feature_id"),
        ({"url": "https://example.com/", "active": "yes"}, "/active"),
    ],
)
def test_bad_webhooks(store: Http, body: dict[str, Any], field: str) -> None:
    """A webhook that cannot be is 400 with the place."""
    reply = store.post("/v1/webhooks", body)
    assert reply.status == 400
    assert field in [detail["field"] for detail in reply.error["details"]]


def test_a_position_that_is_not_there(store: Http) -> None:
    """A webhook cannot begin after an event that is not there yet."""
    body = {"url": "https://example.com/", "after": 10**9}
    assert store.post("/v1/webhooks", body).status == 400


def test_lists(store: Http, receiver: Receiver) -> None:
    """Webhooks and deliveries are listed newest first, page by page."""
    hooks = [Hook(store, receiver.url) for _ in range(3)]
    first = store.get("/v1/webhooks?limit=2")
    rest = store.get(first.headers["link"].partition("<")[2].partition(">")[0])
    ids = [each["id"] for each in (*first.data, *rest.data)]
    assert ids == [hook.view()["id"] for hook in hooks[::-1]]
    write(store, 3)
    listed = hooks[0].until("delivered", 3)[::-1]
    first = store.get(f"{hooks[0].place}/deliveries?limit=2&state=delivered")
    rest = store.get(first.headers["link"].partition("<")[2].partition(">")[0])
    assert [*first.data, *rest.data] == listed


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Run a store that sends to public addresses alone, as is the default."""
    started = start(tmp_path_factory.mktemp("store"), WEBHOOK_PRIVATE_ADDRESSES="false")
    yield started
    started.end()


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0"),  # noqa: S104
        *("2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[fe80::1]", "192.168.0.1"),
    ],
)
def test_addresses_of_this_network(careful: ServerProcess, host: str) -> None:
    """A URL at an address of this machine or its network is refused, however it is written."""
    reply = Http(careful.url).post("/v1/webhooks", {"url": f"http://{host}:9/x"})
    assert (reply.status, reply.error["details"][0]["field"]) == (400, "/url")


def test_a_name_that_means_something_else_by_now(tmp_path: Path, receiver: Receiver) -> None:
    """What an address is, is asked with each sending, not only when the webhook is made."""
    server = start(tmp_path)
    hook = Hook(Http(server.url), receiver.url.replace("127.0.0.1", "localhost"))
    server.end()
    strict = start(tmp_path, WEBHOOK_PRIVATE_ADDRESSES="false")
    try:
        again = Http(strict.url)
        write(again)
        hook.store = again
        (dead,) = hook.until("dead")
        assert (dead["status"], dead["error"]) == (None, "address not allowed")
        assert receiver.seen == []
    finally:
        strict.end()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart(tmp_path: Path, end: signal.Signals) -> None:
    """What was not taken before the store ended is sent when it is back; nothing is left out."""
    port = free_port()
    server = start(tmp_path, WEBHOOK_ATTEMPTS="50")
    store = Http(server.url)
    hook = Hook(store, f"http://127.0.0.1:{port}/hook")
    expected = write(store, 3)  # nobody listens yet
    hook.until("pending", 3)
    server.end(end)
    server.start()
    try:
        with receiving(port) as receiver:
            expected += write(store, 2)
            hook.until("delivered", 5)
            assert sorted(numbers(receiver.seen), key=int) == expected
    finally:
        server.end()


def test_killed_in_mid_delivery(tmp_path: Path, receiver: Receiver) -> None:
    """A delivery that was under way when the store was killed is made again: at least once."""
    server = start(tmp_path)
    store = Http(server.url)
    hook = Hook(store, receiver.url)
    receiver.answers.append(None)
    write(store)
    receiver.wait(1)
    server.end(signal.SIGKILL)
    server.start()
    try:
        # The lease of the process that is gone has to run out first.
        first, again = receiver.wait(2, timeout=60)
        assert first.headers["webhook-id"] == again.headers["webhook-id"]
        hook.until("delivered")
    finally:
        server.end()


def test_several_processes(tmp_path: Path, receiver: Receiver) -> None:
    """Of several processes on one database one sends each event, in order, whoever wrote it."""
    place = postgres.server().new_database()
    blobs = str(tmp_path / "blobs")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    servers = [start(tmp_path / name, DATABASE_URL=place, DATA_DIR=blobs) for name in ("a", "b")]
    try:
        stores = [Http(server.url) for server in servers]
        hook = Hook(stores[0], receiver.url)
        with Stream(servers[1].url) as stream:
            next(stream.messages())
            expected = [write(stores[index % 2])[0] for index in range(30)]
            told = [each for each in stream.events(30) if each["type"] == "version.created"]
        assert [str(each["data"]["number"]) for each in told] == expected
        hook.until("delivered", 30)
        assert numbers(receiver.seen) == expected
    finally:
        for server in servers:
            server.end()
