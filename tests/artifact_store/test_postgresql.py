"""What PostgreSQL alone can do to a store: go away, come back, be shared, refuse."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.databases import Kept
from tests.support.postgres import PASSWORD, PostgresServer, server

from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.postgresql import writable as writable_module
from quaestor_artifact_store.postgresql.connections import address, connect, place
from quaestor_artifact_store.postgresql.database import PostgresDatabase
from quaestor_artifact_store.postgresql.sql import schema_sql, translated
from quaestor_artifact_store.postgresql.writable import WRITER, PostgresWritable
from quaestor_artifact_store.repository import changes
from quaestor_artifact_store.repository.audit import after
from quaestor_shared.clock import utc_now
from quaestor_shared.errors import Conflict, Unavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
def url() -> str:
    """Give the address of a new database."""
    return server().new_database()


@asynccontextmanager
async def opened(url: str, **options: Any) -> AsyncIterator[PostgresDatabase]:
    """Open a database, and close it."""
    made = await asyncio.to_thread(PostgresDatabase, url, utc_now, **options)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.close)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Give a new database."""
    async with opened(url) as made:
        yield made


@contextlib.contextmanager
def admin(url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Connect past the store."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def end_sessions(url: str) -> int:
    """End every other session on the database, as an administrator would."""
    with admin(url) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return ended.rowcount


async def create(database: Database, key: str) -> str:
    """Open a journal and give its id."""
    return (await Kept(database).create_journal(f"session:{key}", "ff", [])).id


# what is sent


@pytest.mark.parametrize(
    ("sql", "sent"),
    [
        ("SELECT ?", "SELECT $1"),
        (
            "SELECT ? WHERE a = ? AND (b, c) > (?, ?)",
            "SELECT $1 WHERE a = $2 AND (b, c) > ($3, $4)",
        ),
        ("SELECT '?', ? , 'it''s ?', ?", "SELECT '?', $1 , 'it''s ?', $2"),
        ('SELECT "a?", ? -- really?\n, ?', 'SELECT "a?", $1 -- really?\n, $2'),
        ("SELECT /* what? */ ?", "SELECT /* what? */ $1"),
        ("SELECT 100 % 7, '100%', '%s'", "SELECT 100 % 7, '100%', '%s'"),
    ],
)
def test_parameters(sql: str, sent: str) -> None:
    """A `?` becomes a numbered parameter where it is one, and stays where it is text."""
    assert translated(sql) == sent


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@settings(deadline=None)  # the first example starts the server
@given(texts=st.lists(TEXTS, max_size=4), number=st.integers(-(2**63), 2**63 - 1), raw=st.binary())
def test_values_come_back(texts: list[str], number: int, raw: bytes) -> None:
    """Whatever text, number or bytes is sent comes back the same, beside any text in the SQL."""
    quoted = ", ".join("'" + text.replace("'", "''") + f"' AS q{i}" for i, text in enumerate(texts))
    marks = ", ".join(f"? AS t{i}" for i in range(len(texts)))
    columns = ", ".join(filter(None, ["? AS number", quoted, marks, "? AS raw"]))
    row = shared().execute(f"SELECT {columns}", (number, *texts, raw)).fetchone()
    assert row is not None
    assert (row["number"], row["raw"]) == (number, raw)
    assert [row[f"q{i}"] for i in range(len(texts))] == texts
    assert [row[f"t{i}"] for i in range(len(texts))] == texts


_shared: list[Any] = []


def shared() -> Any:
    """Give one connection for all examples of a law."""
    if not _shared:
        _shared.append(connect(address(server().url("postgres"))))
    return _shared[0]


@pytest.fixture(scope="module", autouse=True)
def closed_at_the_end() -> Iterator[None]:
    """Close that connection behind the last test."""
    yield
    while _shared:
        _shared.pop().raw.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE a (b TEXT NOT NULL, c INTEGER) STRICT",
         'CREATE TABLE a (b TEXT COLLATE "C" NOT NULL, c BIGINT)'),
        ("CREATE TABLE a (b BLOB, PRIMARY KEY (b)) STRICT, WITHOUT ROWID",
         "CREATE TABLE a (b BYTEA, PRIMARY KEY (b))"),
        ("ALTER TABLE a ADD COLUMN b TEXT DEFAULT 'TEXT'",
         """ALTER TABLE a ADD COLUMN b TEXT COLLATE "C" DEFAULT 'TEXT'"""),
        ("INSERT INTO a SELECT 'INTEGER' FROM b", "INSERT INTO a SELECT 'INTEGER' FROM b"),
    ],
)  # fmt: skip
def test_schema(statement: str, said: str) -> None:
    """Types and table options of SQLite become those of PostgreSQL, texts stay."""
    assert schema_sql(statement) == said


async def test_sums_are_numbers(database: Database) -> None:
    """A sum is an integer and an average a float, as they are on SQLite."""
    found = await database.read(
        lambda c: c.execute(
            "SELECT SUM(n) AS s, AVG(n) AS a FROM (VALUES (CAST(1 AS BIGINT)), (2)) AS v(n)"
        ).fetchone()
    )
    assert found is not None
    assert (found["s"], found["a"]) == (3, 1.5)
    assert (type(found["s"]), type(found["a"])) == (int, float)


# one writer over all processes


async def test_two_stores_write_one_after_the_other(url: str) -> None:
    """Two stores on one database make one chain without gaps, and each key has one winner."""
    async with opened(url) as one, opened(url) as other:
        results = await asyncio.gather(
            *(create(store, f"{n}") for n in range(100) for store in (one, other)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, str) for result in results) == 100
        assert sum(isinstance(result, Conflict) for result in results) == 100
        listed = await one.read(lambda c: after(c, 0, 1000))
        assert [change.position for change in listed] == list(range(1, 101))
        assert [b.previous_hash for b in listed[1:]] == [a.hash for a in listed[:-1]]


async def test_a_writer_that_stands_still(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits too long for another's lock is refused, and writes once the lock is free."""
    short = writable_module._BEGIN.replace("lock_timeout = '20s'", "lock_timeout = '100ms'")
    monkeypatch.setattr(writable_module, "_BEGIN", short)
    async with opened(url) as database:
        with admin(url) as other:
            other.execute("BEGIN")
            other.execute(f"SELECT pg_advisory_xact_lock({WRITER})")
            with pytest.raises(Unavailable, match="nothing was stored"):
                await create(database, "a")
        assert await create(database, "a")


async def test_lock_timeout(url: str) -> None:
    """The writer waits for a lock for a bounded time, and idles for a bounded time."""
    writable = PostgresWritable(address(url))
    writable.begin()
    row = writable.connection.execute(
        "SELECT current_setting('lock_timeout') AS lock,"
        " current_setting('idle_in_transaction_session_timeout') AS idle"
    ).fetchone()
    assert row == {"lock": "20s", "idle": "30s"}
    writable.close()


@pytest.mark.parametrize(
    ("given_", "used"),
    [("off", "on"), ("local", "on"), ("remote_write", "on"), ("on", "on"),
     ("remote_apply", "remote_apply")],
)  # fmt: skip
async def test_commits_are_flushed(url: str, given_: str, used: str) -> None:
    """A server that confirms before it has flushed is told to flush; a stronger setting stays."""
    with admin(url) as connection:
        name = url.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = {given_}".encode())
    writable = PostgresWritable(address(url))
    writable.begin()
    row = writable.connection.execute("SHOW synchronous_commit").fetchone()
    assert row == {"synchronous_commit": used}
    writable.close()


# the server goes away


async def test_sessions_that_are_ended(url: str) -> None:
    """A write and a read after all sessions were ended work: nothing had been done on them."""
    async with opened(url, readers=3) as database:
        key = await create(database, "a")
        await asyncio.gather(*(Kept(database).read_journal(key, 0, 1) for _ in range(20)))
        for _ in range(2):
            assert end_sessions(url) >= 2
            await asyncio.gather(*(Kept(database).read_journal(key, 0, 1) for _ in range(9)))
            await create(database, f"b{_}")
        await database.check()


async def test_a_session_that_is_ended_in_a_write(url: str) -> None:
    """A write whose session ends midway is answered 503, is not there, and the next one works."""
    async with opened(url) as database:
        await create(database, "a")

        def cut_off(tx: Transaction) -> None:
            changes.record(tx, "never", feature=None, subject="x", data={})
            end_sessions(url)
            tx.execute("SELECT 1")

        with pytest.raises(Unavailable) as caught:
            await database.write(cut_off)
        assert (caught.value.status_code, caught.value.code) == (503, "UNAVAILABLE")
        listed = await database.read(lambda c: after(c, 0, 10))
        assert [change.type for change in listed] == ["journal.created"]
        await create(database, "b")


async def test_a_session_that_is_ended_at_the_commit(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody knows whether a commit was carried out, the answer says so."""
    async with opened(url) as database:
        end = PostgresWritable.end

        def cut_off(self: PostgresWritable) -> None:
            end_sessions(url)
            end(self)

        with monkeypatch.context() as patch:
            patch.setattr(PostgresWritable, "end", cut_off)
            results = await asyncio.gather(
                *(create(database, f"{n}") for n in range(5)), return_exceptions=True
            )
        assert [type(result) for result in results] == [Unavailable] * 5
        assert all("did not confirm" in str(result) for result in results)
        await create(database, "later")


async def test_a_transaction_that_failed_unseen_is_not_acknowledged(url: str) -> None:
    """The server answers COMMIT with ROLLBACK after a hidden error; nobody is told of success."""
    async with opened(url) as database:

        def hide(tx: Transaction) -> str:
            with contextlib.suppress(psycopg.Error):
                tx.execute("SELECT * FROM nowhere")
            return "done"

        with pytest.raises(Unavailable):
            await database.write(hide)
        await create(database, "a")


async def reached(made: list[str], number: int) -> None:
    """Wait until so many were made."""
    while len(made) < number:  # noqa: ASYNC110 - counted by tasks that know nothing of this
        await asyncio.sleep(0.01)


async def until_refused(database: PostgresDatabase) -> list[str]:
    """Write until that is refused: the sessions of a killed server live on for a moment."""
    made: list[str] = []
    with contextlib.suppress(Unavailable):
        while True:
            made.append(await create(database, f"late-{len(made)}"))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
async def test_the_server_restarts(ending: signal.Signals) -> None:
    """What was acknowledged outlives the server, the outage is 503, and then all works again."""
    own = PostgresServer()
    own.start()
    try:
        async with opened(own.new_database()) as database:
            made: list[str] = []
            stop = asyncio.Event()

            async def write(worker: int) -> None:
                number = 0
                while not stop.is_set():
                    number += 1
                    with contextlib.suppress(Unavailable):
                        made.append(await create(database, f"{worker}-{number}"))

            workers = [asyncio.create_task(write(worker)) for worker in range(4)]
            try:
                await reached(made, 50)
                await asyncio.to_thread(own.end, ending)
                made += await until_refused(database)
                with pytest.raises(Unavailable):
                    await database.check()
                before = len(made)
                await asyncio.to_thread(own.start)
                await reached(made, before + 50)
            finally:
                stop.set()
                await asyncio.gather(*workers)
            for journal in made:
                assert (await Kept(database).read_journal(journal, 0, 1)).id == journal
            head = await database.read(changes.head)
            listed = await database.read(lambda c: after(c, 0, 100_000))
            assert [change.position for change in listed] == list(range(1, head.position + 1))
    finally:
        own.remove()


# errors of the server


def raising(state: str) -> Any:
    """Give an operation in which the server itself raises an error with a state."""

    def operation(tx: Transaction) -> None:
        changes.record(tx, "never", feature=None, subject="x", data={})
        tx.execute(f"DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '{state}'; END $$")

    return operation


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("53100", 507, "STORAGE_FULL"),  # disk_full
        ("40001", 503, "UNAVAILABLE"),  # serialization_failure
        ("40P01", 503, "UNAVAILABLE"),  # deadlock_detected
        ("55P03", 503, "UNAVAILABLE"),  # lock_not_available
        ("58030", 503, "UNAVAILABLE"),  # io_error
        ("XX001", 503, "UNAVAILABLE"),  # data_corrupted
    ],
)
async def test_errors_of_the_server(database: Database, state: str, status: int, code: str) -> None:
    """An error of the server is 507 or 503, tells nothing of its own, and leaves nothing behind."""
    with pytest.raises(Unavailable) as caught:
        await database.write(raising(state))
    assert (caught.value.status_code, caught.value.code) == (status, code)
    assert "nothing was stored" in caught.value.message
    assert "made up" not in caught.value.message
    assert await database.read(lambda c: after(c, 0, 10)) == []
    await create(database, "a")


async def test_a_deadlock(url: str) -> None:
    """A write that the server picks to end a deadlock is answered 503, and the next one works."""
    async with opened(url) as database:
        await create(database, "a")
        with admin(url) as other:
            locked, waits = threading.Event(), threading.Event()

            def operation(tx: Transaction) -> None:
                tx.execute("SET LOCAL deadlock_timeout = '10ms'")
                tx.execute("LOCK TABLE journals IN EXCLUSIVE MODE")
                locked.set()
                waits.wait(10)
                tx.execute("LOCK TABLE features IN EXCLUSIVE MODE")

            def against() -> None:
                other.execute("BEGIN")
                other.execute("SET LOCAL deadlock_timeout = '10min'")
                other.execute("LOCK TABLE features IN EXCLUSIVE MODE")
                locked.wait(10)
                waits.set()
                other.execute("LOCK TABLE journals IN EXCLUSIVE MODE")
                other.execute("ROLLBACK")

            opponent = asyncio.create_task(asyncio.to_thread(against))
            with pytest.raises(Unavailable):
                await database.write(operation)
            await opponent
        await create(database, "b")


async def test_reads_write_nothing(database: Database) -> None:
    """A query that writes is refused by the server, and reads go on."""
    with pytest.raises(Unavailable):
        await database.read(lambda c: c.execute("DELETE FROM journals"))
    await database.check()


# opening


def test_another_encoding() -> None:
    """A database that cannot hold every text is refused with a sentence."""
    name = "latin"
    with admin(server().url("postgres")) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0".encode()
        )
    with pytest.raises(Unavailable, match="must have the encoding UTF8"):
        PostgresDatabase(server().url(name), utc_now)


def test_a_database_that_cannot_be_opened() -> None:
    """The error names the place and the reason, and not the password."""
    with pytest.raises(Unavailable) as caught:
        PostgresDatabase(server().url("nowhere_to_be_found"), utc_now)
    message = caught.value.message
    assert "nowhere_to_be_found on 127.0.0.1" in message
    assert "does not exist" in message
    assert PASSWORD not in message


def test_place() -> None:
    """A place is named with its host and port, without user and password."""
    assert place(address("postgresql://u:p@h:1/n")) == "n on h, port 1"


def test_unreadable_addresses() -> None:
    """What is no address is refused without being repeated, password and all."""
    for text in ("postgresql://u:secret@h:p%/n", "secret", "postgres://u:secret@[h/n"):
        with pytest.raises(Unavailable) as caught:
            address(text)
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


async def test_bad_text_never_reaches_the_server(database: Database) -> None:
    """A text that PostgreSQL cannot hold fails its operation alone."""
    results = await asyncio.gather(
        create(database, "a\0b"), create(database, "a"), return_exceptions=True
    )
    assert isinstance(results[0], psycopg.DataError)
    assert isinstance(results[1], str)
