"""The audit: every change is listed by what it is, and a chain that was altered is found out."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.databases import KINDS, Standing, opened, standing
from tests.support.http import Http
from tests.support.serving import serving

from quaestor_artifact_store.app import create_app
from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.domain.chain import COLUMNS, GENESIS, START, Fault, link
from quaestor_artifact_store.repository import audit, changes
from quaestor_artifact_store.repository.audit import ChangeFilter
from quaestor_artifact_store.repository.features import feature_key
from quaestor_artifact_store.service.audit import AuditService
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.migrating import schema_of

NUMBER = 12
FEATURES = ("aa", "bb", None)
SUBJECTS = ("s-1", "s-2")
TYPES = ("version.created", "journal.appended", "artifact.deleted")


async def fill(database: Database, number: int = NUMBER) -> None:
    """Write changes of every kind, one after the other."""

    def write(tx: Transaction) -> None:
        for index in range(number):
            slug = FEATURES[index % 3]
            changes.record(
                tx,
                TYPES[index % 3 - index % 2],
                feature=None if slug is None else feature_key(tx, slug),
                subject=SUBJECTS[index % 2],
                data={"n": index, "text": "ü\u2028"},
            )

    for _ in range(2):  # so that two times occur
        await database.write(write)


async def verify(database: Database, limit: int) -> Any:
    """Check the whole chain, page by page, and give the last report."""
    service, last = AuditService(database), START
    while True:
        report, going_on = await service.verify(last, limit, None)
        if going_on is None:
            return report
        assert (report.intact, report.complete) == (True, False)
        assert report.to == last.position + limit
        last = going_on


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [1, 5, 24, 1000])
async def test_an_intact_chain(kind: str, limit: int, tmp_path: Path) -> None:
    """An untouched chain is intact, in pages of any size, to its head; so is an empty one."""
    async with opened(kind, tmp_path) as database:
        empty = await verify(database, limit)
        assert (empty.intact, empty.complete, empty.head.hash) == (True, True, GENESIS)
        await fill(database)
        report = await verify(database, limit)
        head = await database.read(changes.head)
        assert (report.intact, report.complete, report.to) == (True, True, 24)
        assert (report.head.position, report.head.hash) == head == (24, head.hash)


@pytest.fixture(scope="module", params=KINDS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """Open a database with a chain of 24 changes, which the tests take back what they do to."""
    with standing(request.param, tmp_path_factory.mktemp("filled")) as database:
        database.portal.call(fill, database.database)
        yield database


def found(filled: Standing, tamper: Callable[[Transaction], object]) -> tuple[int, Fault]:
    """Let somebody at the chain, and give how far it holds, in pages of five, and its fault."""

    def attempt(tx: Transaction) -> tuple[int, Fault | None]:
        tamper(tx)
        last, fault, read = START, None, 5
        while read == 5 and fault is None:
            last, fault, read = audit.follow_on(tx, last, 5)
        return last.position, fault

    position, fault = filled.write(lambda tx: tx.nested(attempt, keep=False))
    assert fault is not None
    return position, fault


def other(column: str, value: Any) -> Any:
    """Give a value of a column that is not the one it has."""
    if column == "position":
        return value + 1000
    if column == "feature_id":
        return None
    return "x" if value is None else value[:-1] + ("0" if value[-1] != "0" else "1")


@settings(deadline=None)
@given(
    position=st.integers(1, 24),
    column=st.sampled_from([*COLUMNS, "previous_hash", "hash"]),
)
def test_a_flipped_column(filled: Standing, position: int, column: str) -> None:
    """Another value in any column of any row is found at that row."""

    def flip(tx: Transaction) -> None:
        row = tx.execute("SELECT * FROM changes WHERE position = ?", (position,)).fetchone()
        assert row is not None
        value = other(column, row[column])
        if value == row[column]:  # a row of no feature
            value = tx.execute("SELECT id FROM features").fetchall()[0]["id"]
        sql = f"UPDATE changes SET {column} = ? WHERE position = ?"  # noqa: S608 - a column's name
        tx.execute(sql, (value, position))

    last, fault = found(filled, flip)
    assert (last, fault.position) == (position - 1, position)


@settings(deadline=None)
@given(position=st.integers(1, 23))
def test_a_deleted_row(filled: Standing, position: int) -> None:
    """A row that is gone is missed at its position."""
    sql = "DELETE FROM changes WHERE position = ?"
    last, fault = found(filled, lambda tx: tx.execute(sql, (position,)))
    assert (last, fault) == (position - 1, Fault(position, "missing", None, None))


@settings(deadline=None)
@given(pair=st.tuples(st.integers(1, 24), st.integers(1, 24)).filter(lambda p: p[0] < p[1]))
def test_swapped_rows(filled: Standing, pair: tuple[int, int]) -> None:
    """Of two rows that were swapped the first is found."""
    first, second = pair

    def swap(tx: Transaction) -> None:
        for old, new in ((first, -1), (second, first), (-1, second)):
            tx.execute("UPDATE changes SET position = ? WHERE position = ?", (new, old))

    last, fault = found(filled, swap)
    assert (last, fault.position) == (first - 1, first)


def test_an_inserted_row(filled: Standing) -> None:
    """A row before the first position is found, though no position is missing."""

    def insert(tx: Transaction) -> None:
        sql = "INSERT INTO changes VALUES (0, 'x', 't', NULL, 's', 'a', NULL, '{}', ?, ?, 'h')"
        tx.execute(sql, (tx.now, GENESIS))

    last, fault = found(filled, insert)
    assert (last, fault.position, fault.reason) == (0, 0, "altered")


def test_the_chain_is_as_it_was(filled: Standing) -> None:
    """What the attacks above did was taken back: without one the chain holds."""
    assert filled.portal.call(verify, filled.database, 5).intact


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["rewritten", "cut off"])
async def test_a_head_kept_elsewhere(kind: str, what: str, tmp_path: Path) -> None:
    """A chain that was made anew, or lost its end, is sound in itself, and not the one before."""

    def rewrite(tx: Transaction) -> None:
        previous = GENESIS
        for row in tx.execute("SELECT * FROM changes ORDER BY position").fetchall():
            said = {name: row[name] for name in COLUMNS} | {"actor": "nobody"}
            hashed = link(previous, said)
            tx.execute(
                "UPDATE changes SET actor = 'nobody', previous_hash = ?, hash = ?"
                " WHERE position = ?",
                (previous, hashed, row["position"]),
            )
            previous = hashed

    def cut(tx: Transaction) -> None:
        tx.execute("DELETE FROM changes WHERE position > 20")

    async with opened(kind, tmp_path) as database:
        await fill(database)
        kept = await database.read(changes.head)
        service = AuditService(database)
        report, _ = await service.verify(START, 1000, kept)
        assert report.intact
        await database.write(rewrite if what == "rewritten" else cut)
        assert (await verify(database, 1000)).intact
        report, _ = await service.verify(START, 1000, kept)
        fault = report.fault
        assert fault is not None
        assert (report.intact, fault.position, fault.reason) == (False, 24, "other_head")
        assert (fault.expected, fault.found == kept.hash) == (kept.hash, False)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_filters(kind: str, tmp_path: Path) -> None:
    """Any filters together give what all of them let through, in either order, page by page."""
    async with opened(kind, tmp_path) as database:
        await fill(database)
        every = await database.read(lambda c: audit.after(c, 0, 1000))
        assert [entry.position for entry in every] == list(range(1, 25))
        times = sorted({entry.created_at for entry in every})
        assert len(times) == 2
        choices = product(
            (None, "aa", "none"), (None, "s-1"), (None, "anonymous", "x"), (None, TYPES[0]),
            (None, times[1]), (None, times[1], "9999"),
        )  # fmt: skip
        for feature, subject, actor, kind_, since, until in choices:
            wanted = ChangeFilter(
                feature_id=feature,
                subject=subject,
                actor=actor,
                type=kind_,
                since=since,
                until=until,
            )
            expected = [
                entry.position
                for entry in every
                if feature in (None, entry.feature_id)
                and subject in (None, entry.subject)
                and actor in (None, entry.actor)
                and kind_ in (None, entry.type)
                and (since is None or entry.created_at >= since)
                and (until is None or entry.created_at < until)
            ]
            assert await pages(database, wanted, newest_first=False) == expected
            assert await pages(database, wanted, newest_first=True) == expected[::-1]


async def pages(database: Database, wanted: ChangeFilter, *, newest_first: bool) -> list[int]:
    """Read a list in pages of three."""
    service, found, start = AuditService(database), [], None
    while True:
        page = await service.listing(wanted, 3, newest_first=newest_first, start=start)
        found += [entry.position for entry in page]
        if len(page) < 3:
            return found
        start = found[-1]


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_a_clock_that_is_set_back(kind: str, tmp_path: Path) -> None:
    """Times follow positions, also when the clock does not."""
    async with opened(kind, tmp_path) as database:
        for now in ("2026-03-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"):

            def write(tx: Transaction, now: str = now) -> None:
                then = Transaction(tx.connection, now, tx.actor, tx.correlation_id)
                changes.record(then, "x", feature=None, subject="s", data={})

            await database.write(write)
        found = await database.read(lambda c: audit.after(c, 0, 10))
        assert [entry.created_at[5:7] for entry in found] == ["03", "03"]
        assert (await verify(database, 10)).intact


@pytest.mark.parametrize("filters", list(product((False, True), repeat=4)))
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_plans(tmp_path: Path, filters: tuple[bool, ...], order: str) -> None:
    """Whatever filters come together, an index gives the rows, already in their order."""
    connection = open_writer(tmp_path / "store.db")
    schema_of(connection).up()
    text = audit.select(filters, newest_first=order == "newest")
    plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", ["x"] * text.count("?")).fetchall()
    assert [row["detail"] for row in plan if not row["detail"].startswith("SEARCH")] == []
    connection.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """Run a store that somebody wrote to."""
    folder = str(tmp_path_factory.mktemp("store"))
    with serving(create_app(Settings(data_dir=folder))) as url:
        http = Http(url)
        for number in range(5):
            body = {"key": f"session:{number}", "feature_id": f"f-{number % 2}"}
            assert http.post("/v1/journals", body, X_Quaestor_Principal="ada").status == 201
        yield http


def test_list(store: Http) -> None:
    """Changes come newest first or oldest first, filtered, page by page, each with its hashes."""
    newest = store.get("/v1/audit").data
    assert [entry["position"] for entry in newest] == [5, 4, 3, 2, 1]
    first = store.get("/v1/audit?order=oldest&feature_id=f-0&limit=2&type=journal.created")
    rest = store.get(first.headers["link"].partition("<")[2].partition(">")[0])
    assert [entry["position"] for entry in (*first.data, *rest.data)] == [1, 3, 5]
    assert "link" not in rest.headers
    entry = first.data[0]
    assert (entry["actor"], entry["data"], entry["previous_hash"]) == (
        "ada",
        {"version": 0},
        GENESIS,
    )
    assert entry["feature_id"] == "f-0"
    assert store.get(f"/v1/audit?subject={entry['subject']}&actor=ada").data == [entry]
    assert store.get(f"/v1/audit?until={entry['created_at']}").data == []


def test_verify(store: Http) -> None:
    """The chain is checked from anywhere, goes on by cursor, and is held to an earlier head."""
    report = store.get("/v1/audit/verify").data
    head = report["head"]
    assert (report["intact"], report["complete"], report["to"], head["position"]) == (
        True,
        True,
        5,
        5,
    )
    first = store.get("/v1/audit/verify?after=1&limit=2")
    assert (first.data["complete"], first.data["to"]) == (False, 3)
    rest = store.get(first.headers["link"].partition("<")[2].partition(">")[0])
    assert (rest.data["after"], rest.data["to"], rest.data["complete"]) == (3, 5, False)
    expected = f"{head['position']}:{head['hash']}"
    assert store.get(f"/v1/audit/verify?expected_head={expected}").data["intact"]
    for wrong in (f"4:{head['hash']}", f"6:{head['hash']}", f"5:{GENESIS}"):
        fault = store.get(f"/v1/audit/verify?expected_head={wrong}").data["fault"]
        assert (fault["reason"], fault["expected"]) == ("other_head", wrong.partition(":")[2])


@pytest.mark.parametrize(
    "query",
    [
        "verify?after=6", "verify?after=-1", "verify?expected_head=1", "verify?limit=0",
        "verify?cursor=WzFd", "?since=yesterday", "?order=x", "?cursor=WyJ4Il0", "?actor=%00",
    ],
)  # fmt: skip
def test_bad_questions(store: Http, query: str) -> None:
    """What cannot be asked is 400 and says which part of it."""
    reply = store.get(f"/v1/audit{'/' if query[0] == 'v' else ''}{query}")
    assert reply.status == 400
    assert reply.error["details"]
