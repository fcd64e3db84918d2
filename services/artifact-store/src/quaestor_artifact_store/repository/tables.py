"""Whole tables, to copy them from one database into another of either kind."""

from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

from quaestor_artifact_store.database import Connection, Row
from quaestor_artifact_store.repository.search_terms import tsvector

__all__ = ["Table", "counts", "insert", "rebuild", "rows", "tables"]

_TABLES = (
    "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
    " AND name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations' ORDER BY name"
)
_INDEX = "documents"  # the index of words, which each kind of database keeps in a way of its own
_PAGE = 500


class Table(NamedTuple):
    """A table: its columns, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def tables(sqlite: Connection) -> list[Table]:
    """List the tables of a SQLite database, those that others refer to first.

    PostgreSQL has the same ones; SQLite tells more of its own.
    """
    names = [row["name"] for row in sqlite.execute(_TABLES)]
    referred = {
        name: {row["table"] for row in sqlite.execute(f"PRAGMA foreign_key_list({name})")} - {name}
        for name in names
    }
    return [_table(sqlite, name) for name in TopologicalSorter(referred).static_order()]


def rows(connection: Connection, table: Table) -> Iterator[list[Row]]:
    """Read a table page by page, along its key."""
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    marks = ", ".join("?" for _ in table.key)
    first = f"SELECT {columns} FROM {table.name} ORDER BY {key} LIMIT {_PAGE}"
    following = (
        f"SELECT {columns} FROM {table.name} WHERE ({key}) > ({marks}) ORDER BY {key} LIMIT {_PAGE}"
    )
    page = connection.execute(first).fetchall()
    while page:
        yield page
        page = connection.execute(following, [page[-1][each] for each in table.key]).fetchall()


def insert(connection: Connection, table: Table, page: Sequence[Row]) -> None:
    """Write rows of a table."""
    values = [[row[column] for column in table.columns] for row in page]
    columns, marks = ", ".join(table.columns), ", ".join("?" for _ in table.columns)
    if table.name == _INDEX and connection.dialect == "postgresql":
        columns, marks = f"{columns}, search", f"{marks}, CAST(? AS tsvector)"
        values = [
            [*row, tsvector(own["words"].split(), own["facets"].split())]
            for row, own in zip(values, page, strict=True)
        ]
    connection.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", values)


def rebuild(connection: Connection) -> None:
    """Make what is derived from the rows, where that stands in tables of its own."""
    if connection.dialect == "sqlite":
        connection.execute("INSERT INTO documents_fts (documents_fts) VALUES ('rebuild')")


def counts(connection: Connection, every: Sequence[Table]) -> dict[str, int]:
    """Count the rows of each table."""
    found = {}
    for table in every:
        row = connection.execute(f"SELECT COUNT(*) AS count FROM {table.name}").fetchone()
        found[table.name] = 0 if row is None else int(row["count"])
    return found


def _table(sqlite: Connection, name: str) -> Table:
    found = sqlite.execute(f"PRAGMA table_info({name})").fetchall()
    keyed = sorted((row for row in found if row["pk"]), key=lambda row: int(row["pk"]))
    return Table(
        name,
        tuple(row["name"] for row in found),
        tuple(row["name"] for row in keyed),
    )
