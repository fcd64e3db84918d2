"""Steps of the schema apply once, whole or not at all, go back, and keep what has a place."""

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import psycopg
import pytest
from tests.support.databases import KINDS, Kept, connected, open_at, place_for

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.events import Wanted
from quaestor_artifact_store.domain.search.document import document
from quaestor_artifact_store.migrations import STEPS
from quaestor_artifact_store.postgresql import migrating as postgresql_migrating
from quaestor_artifact_store.repository import deliveries, idempotency, webhooks
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_artifact_store.sqlite import migrating as sqlite_migrating
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.versions import IfExists
from quaestor_shared.contracts.webhooks import CreateWebhook
from quaestor_shared.errors import Unavailable

NAMES = [step.name for step in STEPS]
RECORDS = {"sqlite": "_sqlite_migrations", "postgresql": "schema_steps"}
LATER = {
    "sqlite": "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
    " VALUES ('artifact-store', '9999_later', '2026-01-31 16:00:00.000000+00:00')",
    "postgresql": "INSERT INTO schema_steps VALUES ('9999_later', '2026-01-31T16:00:00.000000Z')",
}
Tables = dict[str, list[Mapping[str, Any]]]
MIGRATE = """
import sys
from tests.support.databases import connected

with connected(sys.argv[1]) as (_, schema):
    print(len(schema.up()))
"""
_TABLES = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_fts%'"
    ),
    "postgresql": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


def tables(connection: Connection) -> Tables:
    """Read every table, but for the record of steps."""
    names = [row["name"] for row in connection.execute(_TABLES[connection.dialect])]
    return {
        name: sorted(
            (dict(row) for row in connection.execute(f"SELECT * FROM {name}")),  # noqa: S608
            key=lambda row: str(sorted(row.items())),
        )
        for name in names
        if name not in RECORDS.values()
    }


async def fill(place: str) -> None:
    """Write something of every kind."""
    database = await anyio.to_thread.run_sync(open_at, place, utc_now)
    kept = Kept(database)
    for feature in ("aa", "bb"):
        events = [EventInput(type="t", data={"n": n}) for n in range(3)]
        await kept.create_journal(f"session:{feature}", feature, events)
        for number, path in enumerate(["a.json", "b.md", "a.json"]):
            content = f"{feature} {path} {number}"
            new = NewVersion(
                feature_id=feature,
                path=path,
                media_type="text/plain",
                digest=digest_of(content.encode()),
                size=len(content),
                if_exists=IfExists.NEW_VERSION,
                label=f"1.{number}",
                document=document(
                    content.encode(), feature_id=feature, path=path, media_type="text/plain"
                ),
            )
            await kept.commit([new], None)
    gone = await kept.create_journal("session:cc", "aa", [])
    await kept.delete_journal(gone.id, None)
    await database.write(_subscribe)
    await anyio.to_thread.run_sync(database.close)


def _subscribe(tx: Transaction) -> None:
    """Keep a reply, and leave a webhook with deliveries."""
    scope = idempotency.KeyScope("ada", "POST", "/v1/x", "k")
    idempotency.keep(tx, scope, idempotency.KeptReply("f", "{}"), 24)
    new = CreateWebhook(url="https://example.com/", types=("version.*",))
    webhook = webhooks.create(tx, new, "whsec_x")
    deliveries.replay_range(tx, webhook.id, Wanted(), 0, 5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_in_parallel(kind: str, tmp_path: Path) -> None:
    """Of processes that migrate the same new database at once exactly one does, and none fails."""
    command = [sys.executable, "-c", MIGRATE, place_for(kind, tmp_path)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ended = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 4, ended
    assert sorted(int(out) for out, _ in ended) == [0, 0, 0, len(STEPS)]


@pytest.mark.parametrize("kind", KINDS)
def test_twice(kind: str, tmp_path: Path) -> None:
    """The record has every step with its time, and a second run finds nothing to do."""
    with connected(place_for(kind, tmp_path)) as (_, schema):
        assert [step.name for step in schema.pending()] == NAMES
        assert schema.up() == NAMES
        first = schema.taken()
        assert [*first] == NAMES
        assert schema.up() == []
        assert schema.taken() == first


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_that_fails_leaves_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that fails midway is taken back whole, and applies once it is right."""
    place = place_for(kind, tmp_path)
    broken = STEPS[-1]._replace(up=(*STEPS[-1].up, "CREATE NONSENSE"))
    with monkeypatch.context() as patch:
        for module in (sqlite_migrating, postgresql_migrating):
            patch.setattr(module, "STEPS", (*STEPS[:-1], broken))
        with connected(place) as (_, schema):
            with pytest.raises((sqlite3.OperationalError, psycopg.errors.SyntaxError)):
                schema.up()
            assert schema.taken() == {}
    with connected(place) as (connection, schema):
        assert tables(connection) == {}
        assert schema.up() == NAMES


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
async def test_down_and_up_with_data(kind: str, tmp_path: Path) -> None:
    """Each step goes back and forth on a full database and keeps every row that has a place."""
    place = place_for(kind, tmp_path)
    await fill(place)
    with connected(place) as (connection, schema):
        full = tables(connection)
        assert {"versions", "events", "journals", "changes"} <= {
            n for n, rows in full.items() if rows
        }
        at = {len(STEPS): full}
        for keep in reversed(range(len(STEPS))):
            assert schema.down(keep) == [NAMES[keep]]
            assert [*schema.taken()] == NAMES[:keep]
            at[keep] = tables(connection)
            assert_kept(at[keep + 1], at[keep])
        assert at[0] == {}
        assert schema.up() == NAMES
        assert not any(tables(connection).values())


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", range(1, len(STEPS)))
async def test_what_an_older_schema_kept_is_there_after_all(
    kind: str, keep: int, tmp_path: Path
) -> None:
    """A database that went back to any step comes up again with what that step had."""
    place = place_for(kind, tmp_path)
    await fill(place)
    with connected(place) as (connection, schema):
        assert schema.down(keep) == NAMES[: keep - 1 : -1]
        before = tables(connection)
        assert schema.up() == NAMES[keep:]
        assert_kept(tables(connection), before)
    database = await anyio.to_thread.run_sync(open_at, place, utc_now)
    await database.check()
    await anyio.to_thread.run_sync(database.close)


def assert_kept(wider: Tables, narrower: Tables) -> None:
    """Compare what a schema has a place for with what there is in the wider one."""
    for name, rows in narrower.items():
        columns = rows[0].keys() if rows else ()
        there = [{column: row[column] for column in columns} for row in wider[name]]
        assert sorted(map(repr, there)) == sorted(map(repr, rows)), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_schema(kind: str, tmp_path: Path) -> None:
    """A database with a step that this version does not know is refused, and left as it is."""
    place = place_for(kind, tmp_path)
    with connected(place) as (connection, schema):
        schema.up()
        connection.execute(LATER[kind])
    with pytest.raises(Unavailable, match="newer schema than this version knows: 9999_later"):
        open_at(place, utc_now)
    with connected(place) as (connection, schema):
        assert [*schema.taken()] == [*NAMES, "9999_later"]
        assert schema.taken()["9999_later"] == "2026-01-31T16:00:00.000000Z"
        with pytest.raises(Unavailable):
            schema.down(0)


def test_steps() -> None:
    """Steps are numbered without a gap, and each can be taken back."""
    assert [name[:4] for name in NAMES] == [f"{number:04}" for number in range(1, len(STEPS) + 1)]
    assert all(step.up and step.down for step in STEPS)
