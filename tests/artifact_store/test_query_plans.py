"""Every query has its index: the databases' own plans say so."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.postgres import server

from quaestor_artifact_store import repository
from quaestor_artifact_store.postgresql.connections import PostgresConnection, address, connect
from quaestor_artifact_store.postgresql.migrating import schema_of as postgresql_schema
from quaestor_artifact_store.postgresql.sql import translated
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.migrating import schema_of

MODULES = [
    importlib.import_module(f"{repository.__name__}.{found.name}")
    for found in pkgutil.iter_modules(repository.__path__)
]
QUERIES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": text
    for module in MODULES
    for name, text in vars(module).items()
    if isinstance(text, str) and name.isupper() and text.startswith("SELECT") and name[0] != "_"
}


@pytest.fixture
def database(tmp_path: Path) -> sqlite3.Connection:
    """Give a migrated database."""
    connection = open_writer(tmp_path / "store.db")
    schema_of(connection).up()
    return connection


def test_the_queries_are_found() -> None:
    """The constants of every module of the repository are what is looked at here."""
    assert len(QUERIES) >= 10


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_scans(database: sqlite3.Connection, name: str) -> None:
    """A query searches by an index at every step, and sorts nothing in memory."""
    text = QUERIES[name]
    plan = database.execute(f"EXPLAIN QUERY PLAN {text}", ["x"] * text.count("?")).fetchall()
    steps = [row["detail"] for row in plan]
    assert steps
    assert [step for step in steps if not step.startswith("SEARCH")] == []
    database.close()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresConnection]:
    """Give a migrated database that plans by indexes wherever it can."""
    connection = connect(address(server().new_database()))
    postgresql_schema(connection).up()
    connection.execute("SET enable_seqscan = off")
    yield connection
    connection.raw.close()


def disabled(plan: Any) -> list[str]:
    """List the steps of a plan that were unavoidable although they were to be avoided."""
    own = [plan["Node Type"]] if plan.get("Disabled") else []
    return own + [step for part in plan.get("Plans", ()) for step in disabled(part)]


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_scans_on_postgresql(postgresql: PostgresConnection, name: str) -> None:
    """A query can be answered by indexes at every step."""
    # Sorts are let pass: PostgreSQL does not see that a join by a unique key keeps an order.
    # Asked without values, so that nothing can be folded away.
    row = postgresql.raw.execute(
        f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {translated(QUERIES[name])}".encode()
    ).fetchone()
    assert row is not None
    plan = row["QUERY PLAN"][0]["Plan"]
    assert disabled(plan) == [], plan


def test_a_scan_is_seen(postgresql: PostgresConnection) -> None:
    """A query without an index is found by the check above."""
    row = postgresql.raw.execute(
        b"EXPLAIN (GENERIC_PLAN, FORMAT JSON) SELECT id FROM versions WHERE media_type = $1"
    ).fetchone()
    assert row is not None
    assert disabled(row["QUERY PLAN"][0]["Plan"]) == ["Seq Scan"]
