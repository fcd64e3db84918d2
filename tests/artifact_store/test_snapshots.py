"""Snapshots of journals: what is read from one is what the events alone would come to."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.databases import KINDS, Standing, standing
from tests.support.http import Http, Reply
from tests.support.serving import serving

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.repository import journals, snapshots
from quaestor_artifact_store.repository.rows import JournalAppendRow
from quaestor_artifact_store.settings import Settings
from quaestor_shared.contracts.journals import EventInput


@pytest.fixture(scope="module", params=KINDS)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """Open a database of a kind."""
    with standing(request.param, tmp_path_factory.mktemp("standing")) as opened:
        yield opened


def assert_sums(tx: Transaction, journal_id: str, numbers: list[int]) -> None:
    """Assert that from wherever the journal is read, it comes to the same."""
    for after in (0, len(numbers) // 2, len(numbers)):
        read = snapshots.read_from(tx, journal_id, after, 1000)
        start = read.snapshot.data["sum"] if read.snapshot else sum(numbers[:after])
        assert start + sum(event.data["n"] for event in read.events) == sum(numbers)
        assert (read.more, read.version) == (False, len(numbers))


@settings(deadline=None)
@given(steps=st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=12))
def test_a_fold_from_a_snapshot(database: Standing, steps: list[int | None]) -> None:
    """Whatever is appended (a number) and put (None), a snapshot and what follows is the whole."""

    def run(tx: Transaction) -> None:
        journal = journals.create(tx, "sum:x", "aa", [])
        numbers: list[int] = []
        for step in steps:
            if step is not None:
                event = EventInput(type="add", data={"n": step})
                row = JournalAppendRow(
                    journal_id=journal.id, expected_version=len(numbers), events=[event]
                )
                journals.append(tx, row)
                numbers.append(step)
            elif numbers:
                snapshots.put(tx, journal.id, len(numbers), {"sum": sum(numbers)})
            assert_sums(tx, journal.id, numbers)
        assert len(tx.execute("SELECT version FROM snapshots").fetchall()) <= 2

    database.write(lambda tx: tx.nested(run, keep=False))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run a store."""
    with serving(create_app(Settings(data_dir=str(tmp_path_factory.mktemp("store"))))) as url:
        yield Http(url)


def journal(store: Http, key: str, events: int) -> str:
    """Open a journal with events, and give its place."""
    body = {
        "key": f"snapshots:{key}",
        "feature_id": "snapped",
        "events": [{"type": "n", "data": {"n": number}} for number in range(events)],
    }
    return store.post("/v1/journals", body).headers["location"]


def put(store: Http, place: str, version: Any, data: Any, **headers: str) -> Reply:
    """Put a snapshot."""
    path = f"{place}/snapshots/{version}"
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return store.send("PUT", path, body={"data": data}, headers=sent)


def test_from_the_snapshot(store: Http) -> None:
    """A journal is read from its newest snapshot, unless the reader is beyond it."""
    place = journal(store, "a", 5)
    plain = store.get(place).data
    assert (plain["snapshot"], len(plain["events"])) == (None, 5)
    assert store.get(f"{place}?from=snapshot").data == plain
    assert put(store, place, 3, {"sum": [1.5, "ü"]}).status == 200
    read = store.get(f"{place}?from=snapshot").data
    assert (read["snapshot"]["version"], read["snapshot"]["data"]) == (3, {"sum": [1.5, "ü"]})
    assert [event["version"] for event in read["events"]] == [4, 5]
    beyond = store.get(f"{place}?from=snapshot&after=4").data
    assert (beyond["snapshot"], [e["version"] for e in beyond["events"]]) == (None, [5])
    assert store.get(f"{place}/snapshots/latest").data == read["snapshot"]
    assert store.get(place).data == plain


def test_old_ones_go(store: Http) -> None:
    """The newest counts, whichever was put last; one put again replaces what it was."""
    place = journal(store, "b", 9)
    for version in (2, 8, 5, 1):
        assert put(store, place, version, {"v": version}).data["version"] == version
    assert store.get(f"{place}/snapshots/latest").data["version"] == 8
    assert put(store, place, 8, {"v": "again"}).status == 200
    assert store.get(f"{place}/snapshots/latest").data["data"] == {"v": "again"}


def test_once(store: Http) -> None:
    """A snapshot takes an `Idempotency-Key` like any write, and leaves a change."""
    place = journal(store, "c", 2)
    first, again = (put(store, place, 1, {}, Idempotency_Key="s") for _ in range(2))
    assert (first.data, again.headers["idempotency-replayed"]) == (again.data, "true")
    subject = place.rpartition("/")[2]
    types = [entry["type"] for entry in store.get(f"/v1/audit?subject={subject}").data]
    assert types == ["journal.snapshotted", "journal.created"]


def test_what_there_is_no_snapshot_of(store: Http) -> None:
    """Beyond the journal is 412 with its version; nothing there is 404; nonsense is 400."""
    place = journal(store, "d", 2)
    late = put(store, place, 3, {})
    assert (late.status, late.error["meta"]["current_version"]) == (412, 2)
    assert store.get(f"{place}/snapshots/latest").status == 404
    assert put(store, "/v1/journals/x", 1, {}).status == 404
    assert put(store, place, 0, {}).status == 400
    assert put(store, place, 1, []).status == 400
    assert put(store, place, "x", {}).status == 404
    assert store.get(f"{place}?from=nowhere").status == 400
    store.send("DELETE", place)
    assert put(store, place, 1, {}).status == 404
    assert store.get(f"{place}/snapshots/latest").status == 404
