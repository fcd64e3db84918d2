"""The one writer commits in groups, isolates failures, and acknowledges only what is on disk."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.support.databases import KINDS, connected, place_for

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.postgresql.connections import address
from quaestor_artifact_store.postgresql.writable import PostgresWritable
from quaestor_artifact_store.sqlite.connections import SqliteConnection, open_reader, open_writer
from quaestor_artifact_store.sqlite.database import SqliteWritable
from quaestor_artifact_store.writer import Writable, Writer
from quaestor_shared.errors import Conflict, Unavailable

pytestmark = pytest.mark.anyio


class Bench:
    """A database with one table, written to by a Writer that counts its commits."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._place = place_for(kind, folder)
        with connected(self._place) as (connection, _):
            connection.execute("CREATE TABLE notes (n INTEGER UNIQUE)")
        self.commits = 0
        self.fail: Exception | None = None  # what the next commit ends with
        self.writable = self._counting(kind)
        self.writer = Writer(self.writable)

    def stored(self) -> set[int]:
        """Read the numbers that are on disk."""
        with connected(self._place) as (connection, _):
            return {row["n"] for row in connection.execute("SELECT n FROM notes")}

    def _counting(self, kind: str) -> Writable:
        bench = self
        of_kind: type[Any] = PostgresWritable if kind == "postgresql" else SqliteWritable

        class Counting(of_kind):  # type: ignore[misc]  # either class, chosen at run time
            """Counts commits, and lets one fail on order."""

            def end(self) -> None:
                bench.commits += 1
                failure, bench.fail = bench.fail, None
                if failure is not None:
                    raise failure
                super().end()

        if kind == "postgresql":
            return Counting(address(self._place))
        return Counting(open_writer(Path(self._place)))


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Give a bench on each kind of database."""
    made = Bench(request.param, tmp_path)
    yield made
    made.writer.close()


def insert(connection: Connection, number: int) -> int:
    """Write a number and give it back."""
    connection.execute("INSERT INTO notes VALUES (?)", (number,))
    return number


async def test_group_commit(bench: Bench) -> None:
    """Writes that wait together share commits, and each gets its own result."""
    results = await asyncio.gather(
        *(bench.writer.run(partial(insert, number=n)) for n in range(200))
    )
    assert results == list(range(200))
    assert bench.stored() == set(range(200))
    assert 1 <= bench.commits < 100


async def test_one_failure_disturbs_no_other(bench: Bench) -> None:
    """An operation that fails takes back what it did, and only that."""

    def fail(connection: Connection) -> None:
        insert(connection, 1_000)
        raise Conflict("no")

    def twice(connection: Connection) -> None:
        insert(connection, 2_000)
        insert(connection, 2_000)

    results = await asyncio.gather(
        bench.writer.run(lambda c: insert(c, 1)),
        bench.writer.run(fail),
        bench.writer.run(twice),
        bench.writer.run(lambda c: insert(c, 2)),
        return_exceptions=True,
    )
    assert [results[0], results[3]] == [1, 2]
    assert isinstance(results[1], Conflict)
    assert isinstance(results[2], sqlite3.IntegrityError | psycopg.IntegrityError)
    assert bench.stored() == {1, 2}


async def test_failing_commit(bench: Bench) -> None:
    """When the commit itself fails, nobody in the group is told that it worked."""
    bench.fail = OSError("no more")
    results = await asyncio.gather(
        *(bench.writer.run(partial(insert, number=n)) for n in range(5)),
        return_exceptions=True,
    )
    assert all(isinstance(result, Unavailable) for result in results)
    assert bench.stored() == set()
    assert await bench.writer.run(lambda c: insert(c, 7)) == 7
    assert bench.stored() == {7}


async def test_an_error_of_the_database_puts_the_group_in_doubt(bench: Bench) -> None:
    """A statement that the database cannot run answers its whole group, and the next one works."""
    with pytest.raises(Unavailable):
        await bench.writer.run(lambda c: c.execute("SELECT * FROM no_such_table").fetchall())
    assert await bench.writer.run(lambda c: insert(c, 1)) == 1
    assert bench.stored() == {1}


async def test_cancelled_callers(bench: Bench) -> None:
    """A caller that no longer waits does not hold up the others."""
    tasks = [asyncio.ensure_future(bench.writer.run(partial(insert, number=n))) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    kept = {result for result in results if isinstance(result, int)}
    assert set(range(1, 20, 2)) <= kept <= bench.stored()


@pytest.mark.parametrize("kind", KINDS)
async def test_close_finishes_what_waits(kind: str, tmp_path: Path) -> None:
    """Closing writes what was handed in before, and refuses what comes after."""
    bench = Bench(kind, tmp_path)
    run = bench.writer.run
    waiting = [asyncio.ensure_future(run(partial(insert, number=n))) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(bench.writer.close)
    assert await asyncio.gather(*waiting) == list(range(50))
    assert bench.stored() == set(range(50))
    with pytest.raises(Unavailable):
        await run(lambda c: insert(c, 51))


async def test_close_during_a_write(bench: Bench) -> None:
    """A write that is handed in while another thread closes is finished or refused, never lost."""
    writer = bench.writer
    jobs = writer._jobs
    closers: list[threading.Thread] = []

    class Jobs:
        """Starts closing just before a job is put."""

        get, get_nowait = jobs.get, jobs.get_nowait

        def put(self, job: object) -> None:
            if job is not None and not closers:
                closers.append(threading.Thread(target=writer.close))
                closers[0].start()
                closers[0].join(0.3)  # long enough to end, if nothing holds it back
            jobs.put(job)  # type: ignore[arg-type]  # a job, or the end

    writer._jobs = Jobs()  # type: ignore[assignment]  # stands in for the queue
    written = await asyncio.wait_for(writer.run(partial(insert, number=1)), 10)
    await asyncio.to_thread(closers[0].join)
    assert ({written}, bench.stored()) == ({1}, {1})


@pytest.fixture
def connection(tmp_path: Path) -> SqliteConnection:
    """Give a writer's connection to a SQLite file with one table."""
    made = open_writer(tmp_path / "test.db")
    made.execute("CREATE TABLE notes (n INTEGER UNIQUE)")
    return made


@pytest.fixture
def writer(connection: SqliteConnection) -> Iterator[Writer]:
    """Give a writer on that connection."""
    made = Writer(SqliteWritable(connection))
    yield made
    made.close()


def stored(tmp_path: Path) -> set[int]:
    """Read the numbers that are in the SQLite file."""
    reader = open_reader(tmp_path / "test.db")
    numbers = {row["n"] for row in reader.execute("SELECT n FROM notes")}
    reader.close()
    return numbers


def test_settings(connection: SqliteConnection) -> None:
    """SQLite's writer keeps a WAL, syncs every commit, and checks foreign keys."""
    answers = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert answers == ["wal", 2, 1]
    connection.close()


async def test_full_disk(writer: Writer, connection: SqliteConnection, tmp_path: Path) -> None:
    """A write that the disk has no room for is 507 and leaves nothing; smaller ones go on later."""
    await writer.run(lambda c: insert(c, 1))
    await writer.run(lambda c: c.execute("PRAGMA max_page_count = 10").fetchall())

    def too_much(connection: Connection) -> None:
        for number in range(100, 50_000):
            insert(connection, number)

    with pytest.raises(Unavailable) as caught:
        await writer.run(too_much)
    assert (caught.value.status_code, caught.value.code) == (507, "STORAGE_FULL")
    assert stored(tmp_path) == {1}
    assert await writer.run(lambda c: insert(c, 2)) == 2
    assert stored(tmp_path) == {1, 2}
    assert not connection.in_transaction


async def test_commit_that_sqlite_refuses(
    writer: Writer, connection: SqliteConnection, tmp_path: Path
) -> None:
    """A COMMIT that SQLite itself refuses is taken back, and the next write works."""

    def deny(action: int, first: str | None, *_rest: str | None) -> int:
        ends = action == sqlite3.SQLITE_TRANSACTION and first == "COMMIT"
        return sqlite3.SQLITE_DENY if ends else sqlite3.SQLITE_OK

    connection.set_authorizer(deny)
    results = await asyncio.gather(
        *(writer.run(partial(insert, number=n)) for n in range(5)),
        return_exceptions=True,
    )
    connection.set_authorizer(None)
    assert all(isinstance(result, Unavailable) for result in results)
    assert stored(tmp_path) == set()
    assert await writer.run(lambda c: insert(c, 7)) == 7


async def test_error_of_the_driver(writer: Writer, connection: SqliteConnection) -> None:
    """An error that carries no code of SQLite's is Unavailable too, and nobody waits for ever."""
    connection.close()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await asyncio.wait_for(writer.run(lambda c: insert(c, 1)), 10)


async def test_damaged_database(tmp_path: Path) -> None:
    """An operation that comes on a damaged page is Unavailable, not an error of the driver's."""
    file = tmp_path / "test.db"
    made = open_writer(file)
    made.execute("CREATE TABLE notes (n INTEGER UNIQUE)")
    made.executemany("INSERT INTO notes VALUES (?)", [(n,) for n in range(50)])
    page: int = made.execute("PRAGMA page_size").fetchone()[0]
    made.close()  # and the log goes into the file
    with file.open("r+b") as damaged:
        damaged.seek(page)
        damaged.write(b"\xff" * (file.stat().st_size - page))
    writer = Writer(SqliteWritable(open_writer(file)))
    try:
        with pytest.raises(Unavailable):
            await writer.run(lambda c: c.execute("SELECT sum(n) FROM notes").fetchone())
        with pytest.raises(Unavailable):
            await writer.run(lambda c: insert(c, 6_000))
    finally:
        await asyncio.to_thread(writer.close)
