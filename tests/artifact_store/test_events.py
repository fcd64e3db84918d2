"""Events, as pages and as streams: nothing is lost, nothing comes twice, nobody waits."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.harness import KEY, Gateway
from tests.support.databases import KINDS, opened
from tests.support.http import Http
from tests.support.servers import ServerProcess
from tests.support.sse import Stream

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.domain.events import Wanted
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.service.events import EventService
from quaestor_artifact_store.service.feed import Feed
from quaestor_shared.contracts.audit import AuditEntry

pytestmark = pytest.mark.slow
KEEP_ALIVE = 0.3


def start(folder: Path) -> ServerProcess:
    """Start a store on a folder, for few streams that are never silent for long."""
    settings = {
        "DATA_DIR": str(folder / "data"),
        "EVENTS_KEEP_ALIVE_S": str(KEEP_ALIVE),
        "EVENTS_STREAMS": "4",
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


def write(url: str, feature: str, number: int = 1) -> list[int]:
    """Make so many changes of a feature, and give their positions."""
    store = Http(url)
    for _ in range(number):
        body = {
            "feature_id": feature,
            "path": "a.txt",
            "media_type": "text/plain",
            "text": "x",
            "if_exists": "new_version",
        }
        assert store.post("/v1/artifacts", body).status in (200, 201)
    listed = store.get(f"/v1/audit?feature_id={feature}&order=oldest&limit=200").data
    return [entry["position"] for entry in listed]


def head(url: str) -> int:
    """Give the newest position."""
    listed = Http(url).get("/v1/audit?limit=1").data
    return listed[0]["position"] if listed else 0


def test_the_form_of_an_event(server: ServerProcess) -> None:
    """An event has the attributes of CloudEvents 1.0, and what changed as its data."""
    (position,) = write(server.url, "form")
    event = Http(server.url).get(f"/v1/events?after={position - 1}&feature_id=form").data[0]
    entry = Http(server.url).get("/v1/audit?feature_id=form").data[0]
    assert (event["specversion"], event["datacontenttype"]) == ("1.0", "application/json")
    assert (event["type"], event["featureid"], event["position"]) == (
        "version.created",
        "form",
        position,
    )
    assert (event["id"], event["time"], event["subject"], event["data"]) == (
        entry["id"],
        entry["created_at"],
        entry["subject"],
        entry["data"],
    )
    assert event["source"].startswith("urn:")
    assert all(name.isalnum() and name.islower() for name in event)


def test_pages(server: ServerProcess) -> None:
    """Pages go on by link until there are no more, filtered by feature and type."""
    positions = write(server.url, "paged", 5)
    store = Http(server.url)
    path: str | None = "/v1/events?feature_id=paged&limit=2&type=version.*&type=blob.removed"
    found: list[int] = []
    while path is not None:
        page = store.get(path)
        found += [event["position"] for event in page.data]
        link = page.headers.get("link")
        path = link.partition("<")[2].partition(">")[0] if link else None
    assert found == positions
    for nothing in ("type=journal.*", "type=blob.removed", f"after={positions[-1]}"):
        assert store.get(f"/v1/events?feature_id=paged&{nothing}").data == []


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_a_long_search_goes_on(kind: str, tmp_path: Path) -> None:
    """A page for which much had to be looked at ends early, and says where it goes on."""

    def fill(tx: Transaction) -> None:
        for index in range(10_600):
            type_ = "rare.found" if index == 10_500 else "version.created"
            record(tx, type_, feature=None, subject="s", data={})

    async with opened(kind, tmp_path) as database:
        await database.write(fill)
        feed = Feed(database, poll_s=1)
        events = EventService(database, feed, keep_alive_s=1, most_streams=1)
        wanted = Wanted(types=["rare.*"])
        found, following = await events.page(wanted, 0, 10)
        assert (found, following) == ([], 10_000)
        found, following = await events.page(wanted, 10_000, 10)
        assert ([event.position for event in found], following) == ([10_501], None)


def test_a_stream_from_now_on(server: ServerProcess) -> None:
    """A stream starts with the newest position, and sends what is committed from then on."""
    before = head(server.url)
    with Stream(server.url) as stream:
        assert stream.reply.getheader("content-type", "").startswith("text/event-stream")
        first = next(stream.messages())
        assert (first.fields["id"], first.data) == (str(before), None)
        assert int(first.fields["retry"]) > 0
        positions = write(server.url, "live", 3)
        assert [event["position"] for event in stream.events(3)] == positions


@pytest.mark.parametrize("how", ["header", "query", "header before query"])
def test_a_stream_goes_on(server: ServerProcess, how: str) -> None:
    """`Last-Event-ID`, or else `after`, says where a stream goes on."""
    positions = write(server.url, f"on-{len(how)}", 4)
    path, last = "/v1/events", ""
    if "query" in how:
        path = f"/v1/events?after={0 if 'header' in how else positions[1]}"
    if "header" in how:
        last = str(positions[1])
    with Stream(server.url, path, **({"Last_Event_ID": last} if last else {})) as stream:
        assert [event["position"] for event in stream.events(2)] == positions[2:]


def test_filters(server: ServerProcess) -> None:
    """A stream sends what its filters let through; what is passed over moves its id on."""
    before = head(server.url)
    path = f"/v1/events?after={before}&feature_id=wanted&type=version.created"
    with Stream(server.url, path) as stream:
        passed = write(server.url, "unwanted", 2)
        wanted = write(server.url, "wanted")
        assert [event["position"] for event in stream.events(1)] == wanted
        passed = write(server.url, "unwanted")
        ids = (int(message.fields["id"]) for message in stream.messages())
        assert next(number for number in ids if number >= passed[-1]) == passed[-1]


def test_keep_alive(server: ServerProcess) -> None:
    """A stream that has nothing to send is not silent."""
    with Stream(server.url) as stream:
        messages = stream.messages()
        assert [next(messages).data for _ in range(4)] == [None] * 4


def test_nothing_is_lost_or_repeated(server: ServerProcess) -> None:
    """While eight write at once, streams that break off and come back see each event once."""
    before, number = head(server.url), 160
    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(write, server.url, f"w-{n}", number // 8) for n in range(8)]
        seen: list[int] = []
        while len(seen) < number:
            last = seen[-1] if seen else before
            with Stream(server.url, Last_Event_ID=str(last)) as stream:
                seen += [event["position"] for event in stream.events(min(23, number - len(seen)))]
        for done in writing:
            done.result()
    assert seen == list(range(before + 1, before + number + 1))


def test_a_slow_reader(server: ServerProcess) -> None:
    """A reader that comes to read late holds nobody up, and misses nothing."""
    before = head(server.url)
    with Stream(server.url) as slow, Stream(server.url) as quick:
        write(server.url, "slowly", 150)
        expected = list(range(before + 1, before + 151))
        assert [event["position"] for event in quick.events(150)] == expected
        assert [event["position"] for event in slow.events(150)] == expected


def test_as_many_as_may(server: ServerProcess) -> None:
    """One stream too many is 503, and a stream that is left makes room."""
    streams = [Stream(server.url) for _ in range(4)]
    refused = Stream(server.url)
    assert (refused.reply.status, refused.reply.getheader("retry-after")) == (503, "5")
    for stream in [refused, *streams]:
        stream.close()
    for _ in range(500):
        with Stream(server.url) as again:
            if again.reply.status == 200:
                return
        time.sleep(0.02)
    raise AssertionError("a place is not given back")


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "type=nonsense",
        "type=a.*b",
        "type=bogus.*",
        "type=version.creat",
        "cursor=x",
        "feature_id=A",
    ],
)
def test_bad_questions(server: ServerProcess, query: str) -> None:
    """What cannot be asked is 400 and says what."""
    reply = Http(server.url).get(f"/v1/events?{query}")
    assert (reply.status, len(reply.error["details"])) == (400, 1)


@pytest.mark.parametrize("given", ["x", "-1", "999999999"])
def test_a_last_event_that_never_was(server: ServerProcess, given: str) -> None:
    """A stream cannot go on from an event that is not there."""
    with Stream(server.url, Last_Event_ID=given) as stream:
        assert stream.reply.status == 400


def test_the_end_of_the_server(tmp_path: Path) -> None:
    """A server that is told to stop ends its streams properly, long before it would kill them."""
    server = start(tmp_path)
    streams = [Stream(server.url) for _ in range(3)]
    for stream in streams:
        next(stream.messages())
    server.end()
    for stream in streams:
        # One that was cut off would raise IncompleteRead.
        assert [message.data for message in stream.messages() if message.data] == []
        stream.close()
    assert "graceful shutdown exceeded" not in (tmp_path / "log").read_text()


def test_the_end_of_the_gateway(server: ServerProcess, tmp_path: Path) -> None:
    """A gateway that is told to stop ends the streams that go through it properly, too."""
    settings = {
        "DATA_DIR": str(tmp_path),
        "KEY_HASHES": f"{KEY.kept.id}:{KEY.kept.hash}",
        "ARTIFACT_STORE_URL": server.url,
    }
    front = ServerProcess("quaestor_gateway", "GATEWAY", settings, tmp_path / "log")
    front.start()
    with Stream(front.url, X_API_Key=KEY.text) as stream:
        next(stream.messages())
        front.end()
        assert [message.data for message in stream.messages() if message.data] == []
    log = (tmp_path / "log").read_text()
    assert ("graceful shutdown exceeded" in log, '"level":"error"' in log) == (False, False)


def test_after_a_crash(tmp_path: Path) -> None:
    """After SIGKILL a stream goes on where it was, with what was acknowledged."""
    server = start(tmp_path)
    write(server.url, "crash", 3)
    with Stream(server.url, Last_Event_ID="0") as stream:
        assert [event["position"] for event in stream.events(3)] == [1, 2, 3]
    server.end(signal.SIGKILL)
    server.start()
    try:
        with Stream(server.url, Last_Event_ID="2") as stream:
            write(server.url, "crash")
            assert [event["position"] for event in stream.events(2)] == [3, 4]
    finally:
        server.end()


@pytest.fixture(scope="module")
def gateway(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Run a gateway that gives a service up after a second of silence."""
    front = Gateway(tmp_path_factory.mktemp("gateway"), server.url, in_process=False, patience_s=1)
    front.start()
    yield front
    front.stop()


def test_through_the_gateway(server: ServerProcess, gateway: Gateway) -> None:
    """Through the gateway events come one by one, past its limit of silence."""
    with Stream(gateway.url, X_API_Key=KEY.text) as stream:
        messages = stream.messages()
        for _ in range(6):  # more than a second of nothing but keeping alive
            assert next(messages).data is None
        for _ in range(2):  # each is there before the next is written
            position = write(server.url, "through")[-1]
            assert stream.events(1)[0]["position"] == position


def test_the_gateway_without_a_key(gateway: Gateway) -> None:
    """Events are for those with a key."""
    with Stream(gateway.url) as stream:
        assert stream.reply.status == 401


def test_a_client_that_goes(server: ServerProcess, gateway: Gateway) -> None:
    """When clients of the gateway go, the store gets its places back."""
    for _ in range(12):  # three times as many as may be at once
        for _ in range(500):
            with Stream(gateway.url, X_API_Key=KEY.text) as stream:
                if stream.reply.status == 200:
                    break
            time.sleep(0.02)
        else:
            raise AssertionError("a place is not given back")
    assert server.url


def entry(**changes: Any) -> AuditEntry:
    """Give a change."""
    said = {
        "position": 1, "id": "i", "type": "version.created", "feature_id": "aa", "subject": "s",
        "actor": "a", "correlation_id": None, "data": {}, "created_at": "t", "previous_hash": "",
        "hash": "", **changes,
    }  # fmt: skip
    return AuditEntry(**said)


@pytest.mark.parametrize(
    ("feature", "types", "expected"),
    [
        (None, (), True),
        ("aa", (), True),
        ("bb", (), False),
        (None, ("version.created",), True),
        (None, ("version.*",), True),
        (None, ("versio.*",), False),
        (None, ("journal.*", "artifact.deleted"), False),
        ("bb", ("version.*",), False),
    ],
)
def test_wanted(feature: str | None, types: tuple[str, ...], *, expected: bool) -> None:
    """A filter lets through what is of its feature, and of one of its types or families."""
    assert (entry() in Wanted(feature, types)) is expected
