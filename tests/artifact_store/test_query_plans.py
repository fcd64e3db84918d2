"""Every query has its index: SQLite's own plans say so."""

import sqlite3
from pathlib import Path

import pytest

from quaestor_artifact_store.sqlite import journals, versions
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.migrations import migrate

QUERIES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": text
    for module in (journals, versions)
    for name, text in vars(module).items()
    if isinstance(text, str) and name.isupper() and text.startswith("SELECT") and name[0] != "_"
}


@pytest.fixture
def database(tmp_path: Path) -> sqlite3.Connection:
    """Give a migrated database."""
    connection = open_writer(tmp_path / "store.db")
    migrate(connection)
    return connection


def test_the_queries_are_found() -> None:
    """The constants of both modules are what is looked at here."""
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
