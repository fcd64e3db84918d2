"""Every query has its index: SQLite's own plans say so."""

import importlib
import pkgutil
import sqlite3
from pathlib import Path

import pytest

from quaestor_artifact_store import repository
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
