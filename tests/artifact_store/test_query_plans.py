"""Every query has its index: the databases' own plans say so."""

import importlib
import itertools
import pkgutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.support.postgres import server

from quaestor_artifact_store import repository
from quaestor_artifact_store.database import Value
from quaestor_artifact_store.domain.listing import (
    ArtifactFilter,
    ArtifactSort,
    VersionFilter,
    VersionSort,
)
from quaestor_artifact_store.postgresql.connections import PostgresConnection, address, connect
from quaestor_artifact_store.postgresql.migrating import schema_of as postgresql_schema
from quaestor_artifact_store.postgresql.sql import translated
from quaestor_artifact_store.repository import artifact_lists, version_lists
from quaestor_artifact_store.repository.clauses import Clause
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.migrating import schema_of
from quaestor_shared.contracts.versions import ArtifactState, VersionState

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


FILTERS = {
    **dict.fromkeys(("feature_id", "path", "path_prefix", "media_type", "author"), "x"),
    "since": "2026",
    "until": "2027",
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


def faults(database: sqlite3.Connection, text: str, parameters: Sequence[Value]) -> list[str]:
    """List the steps of a plan that are no search; that there is a subquery is none in itself."""
    plan = database.execute(f"EXPLAIN QUERY PLAN {text}", parameters).fetchall()
    steps = [row["detail"] for row in plan]
    assert steps
    searching = ("SEARCH", "CORRELATED SCALAR SUBQUERY")
    return [step for step in steps if not step.startswith(searching)]


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_scans(database: sqlite3.Connection, name: str) -> None:
    """A query searches by an index at every step, and sorts nothing in memory."""
    text = QUERIES[name]
    assert faults(database, text, ["x"] * text.count("?")) == []
    database.close()


def subsets(**values: Any) -> list[dict[str, Any]]:
    """Give every choice of some filters, none and all of them included."""
    chosen = (itertools.combinations(values.items(), count) for count in range(len(values) + 1))
    return [dict(choice) for choices in chosen for choice in choices]


def lists_of_artifacts(asked: ArtifactFilter) -> Iterator[Clause]:
    """Give every statement that a list may run: its first page, later ones, and its count."""
    bounds = asked.bounds()
    scopes: list[Clause] = [(f"f.slug {test} ?", ("x",)) for test in "=><"]
    if asked.sort.column != "path":
        scopes = [scopes[0] if asked.feature_id else ("1 = 1", ())]
    for scope in scopes:
        for limits in (bounds, bounds.going_on(("y", "z"), down=asked.sort.down)):
            yield artifact_lists.walking(asked, scope, limits, 9)
    yield artifact_lists.counting(asked)


@pytest.mark.parametrize("state", [None, *ArtifactState])
@pytest.mark.parametrize("sort", ArtifactSort)
def test_no_list_of_artifacts_scans(
    database: sqlite3.Connection, sort: ArtifactSort, state: ArtifactState | None
) -> None:
    """Whatever artifacts are filtered and sorted by, their list and its count walk an index."""
    for chosen in subsets(**FILTERS):
        for statement in lists_of_artifacts(ArtifactFilter(sort=sort, state=state, **chosen)):
            assert faults(database, *statement) == []
    database.close()


@pytest.mark.parametrize("sort", VersionSort)
def test_no_list_of_versions_scans(database: sqlite3.Connection, sort: VersionSort) -> None:
    """Whatever a list of versions is filtered by, it walks along the numbers."""
    filters = subsets(label_prefix="1.", author="a", since="2026", until="2027")
    for chosen in filters:
        for state in (None, *VersionState):
            asked = VersionFilter(sort=sort, state=state, **chosen)
            for after in (None, 5):
                assert faults(database, *version_lists.walking("x", asked, after, 9)) == []
            assert faults(database, *version_lists.counting("x", asked)) == []
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


def scans(postgresql: PostgresConnection, text: str) -> list[str]:
    """List the steps of a query's plan that no index serves."""
    # Sorts are let pass: PostgreSQL does not see that a join by a unique key keeps an order.
    # Asked without values, so that nothing can be folded away.
    row = postgresql.raw.execute(
        f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {translated(text)}".encode()
    ).fetchone()
    assert row is not None
    return disabled(row["QUERY PLAN"][0]["Plan"])


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_scans_on_postgresql(postgresql: PostgresConnection, name: str) -> None:
    """A query can be answered by indexes at every step."""
    assert scans(postgresql, QUERIES[name]) == []


@pytest.mark.parametrize("sort", ArtifactSort)
def test_no_list_of_artifacts_scans_on_postgresql(
    postgresql: PostgresConnection, sort: ArtifactSort
) -> None:
    """Lists of artifacts can be answered by indexes, by each filter and by all of them."""
    filters = [{}, *({name: value} for name, value in FILTERS.items()), FILTERS]
    for chosen, state in itertools.product(filters, (None, *ArtifactState)):
        for text, _ in lists_of_artifacts(ArtifactFilter(sort=sort, state=state, **chosen)):
            assert scans(postgresql, text) == []


def test_a_scan_is_seen(postgresql: PostgresConnection) -> None:
    """A query without an index is found by the check above."""
    assert scans(postgresql, "SELECT id FROM versions WHERE media_type = ?") == ["Seq Scan"]
