"""The index of words: written with each version, asked by words and facets.

Of what matches, the newest are ranked and the rest is not: a word that a million versions have
would take seconds to rank, and tells nothing.
"""

from typing import NamedTuple

from quaestor_artifact_store.database import Connection, Transaction, Value
from quaestor_artifact_store.domain.search.document import Document
from quaestor_artifact_store.domain.search.facets import facet
from quaestor_artifact_store.domain.search.query import Query
from quaestor_artifact_store.repository.search_terms import fts5, ts_facets, ts_words, tsvector

__all__ = ["Entry", "Filters", "Hit", "Start", "find", "forget", "index", "newest"]

WINDOW = 2_000  # matches that are ranked

NEWEST = "SELECT MAX(id) AS id FROM documents"
OF_ARTIFACT = (
    "SELECT d.id, d.facets, d.words FROM versions v JOIN documents d ON d.version_id = v.id"
    " WHERE v.artifact_id = ?"
)
# Ids of documents only go up, and what was entered last has the highest one.
ENTER = (
    "INSERT INTO documents_fts (rowid, facets, words) SELECT id, facets, words FROM documents"
    " WHERE id > (SELECT COALESCE(MAX(id), 0) FROM documents_fts_docsize) ORDER BY id"
)
_SUPERSEDE = (
    "INSERT INTO superseded (document_id, by_id) SELECT id, ? FROM documents WHERE version_id = ?"
)
_JOINS = (
    " JOIN versions v ON v.id = d.version_id JOIN artifacts a ON a.id = v.artifact_id"
    " JOIN features f ON f.id = a.feature_id"
)
_LIVE = "a.deleted_at IS NULL AND f.deleted_at IS NULL"
_APPROVED = (
    "EXISTS (SELECT 1 FROM approvals p WHERE p.artifact_id = a.id AND p.digest = v.digest"
    " AND p.deleted_at IS NULL)"
)
# The latest among the documents up to a given one, so that pages go on while others write.
_LATEST = "NOT EXISTS (SELECT 1 FROM superseded s WHERE s.document_id = {id} AND s.by_id <= ?)"
_STATES = {
    None: _LIVE,
    "generated": f"{_LIVE} AND NOT {_APPROVED}",
    "approved": f"{_LIVE} AND {_APPROVED}",
    "deleted": (
        "(a.deleted_at IS NOT NULL OR f.deleted_at IS NOT NULL)"
        " AND a.purged_at IS NULL AND f.purged_at IS NULL"
    ),
}


class Filters(NamedTuple):
    """What is asked for beside words. Times are RFC 3339, inclusive and exclusive."""

    facets: tuple[str, ...] = ()
    state: str | None = None
    since: str | None = None
    until: str | None = None
    latest: bool = True  # only the latest version of each artifact


class Start(NamedTuple):
    """Where a page starts among the documents up to `newest`, which are there when a search begins.

    After so many hits, where they are ranked: a rank depends on how rare a word is, so it changes
    while others write, and the order much less. Before a document, where the newest come first.
    """

    newest: int
    passed: int = 0
    before: int | None = None

    def after(self, hit: "Hit", *, ranked: bool) -> "Start":
        """Give the start that follows a hit."""
        if ranked:
            return self._replace(passed=self.passed + 1)
        return self._replace(before=hit.document)


class Hit(NamedTuple):
    """A version that matches; the lower its score, the better."""

    document: int
    artifact_id: str
    number: int
    score: float


class Entry(NamedTuple):
    """A version that comes into the index, and the id of the one that was the latest before."""

    version_id: str
    author: str
    created_at: str
    document: Document
    before: str | None = None


def index(tx: Transaction, position: int, entry: Entry) -> None:
    """Enter a version under the position of its change."""
    document = entry.document
    facets = f"{document.facets} {facet('author', entry.author)}"
    row = (position, entry.version_id, facets, document.words, entry.created_at)
    if tx.dialect == "sqlite":
        tx.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?)", row)
        tx.late.add(enter)
    else:
        tx.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, CAST(? AS tsvector))",
            (*row, tsvector(document.words.split(), facets.split())),
        )
    if entry.before is not None:
        tx.execute(_SUPERSEDE, (position, entry.before))


def enter(sqlite: Connection) -> None:
    """Enter the documents into SQLite's index that are not there yet, all at once.

    FTS5 writes what it was given at each savepoint, and every write is one: so document by document
    each would be an index of its own, to be merged with the others later.
    """
    sqlite.execute(ENTER)


def forget(tx: Transaction, artifact_id: str) -> None:
    """Take the versions of an artifact out of the index."""
    if tx.dialect == "sqlite":
        enter(tx)  # only what is there can be taken out
    for row in tx.execute(OF_ARTIFACT, (artifact_id,)).fetchall():
        if tx.dialect == "sqlite":
            tx.execute(
                "INSERT INTO documents_fts (documents_fts, rowid, facets, words)"
                " VALUES ('delete', ?, ?, ?)",
                (row["id"], row["facets"], row["words"]),
            )
        tx.execute("DELETE FROM superseded WHERE document_id = ?", (row["id"],))
        tx.execute("DELETE FROM documents WHERE id = ?", (row["id"],))


def newest(connection: Connection) -> int:
    """Give the id of the newest document, 0 where there is none."""
    row = connection.execute(NEWEST).fetchone()
    return (row["id"] or 0) if row is not None else 0


def find(
    connection: Connection, query: Query, filters: Filters, start: Start, limit: int
) -> list[Hit]:
    """Give the best matches after `start`: by rank where words are asked for, else newest first."""
    selected = (_on_sqlite if connection.dialect == "sqlite" else _on_postgresql)(query, filters)
    build = _ranked if query.required else _newest_first
    sql, parameters = build(selected, filters, start)
    return [
        Hit(row["id"], row["artifact_id"], row["number"], row["score"])
        for row in connection.execute(sql, (*parameters, limit, start.passed))
    ]


class _Selected(NamedTuple):
    """What matches: a score, where from, a condition; and the parameters of the three.

    `id` is the column that the index itself is in the order of: by another name, every match would
    be read and sorted, and the document of one that is no longer the latest would be looked up.
    """

    id: str
    score: str
    source: str
    match: str
    parameters: list[Value]


def _on_sqlite(query: Query, filters: Filters) -> _Selected:
    return _Selected(
        "t.rowid",
        "t.rank" if query.required else "0.0",
        "documents_fts t CROSS JOIN documents d ON d.id = t.rowid",
        "documents_fts MATCH ?",
        [fts5(query, filters.facets)],
    )


def _on_postgresql(query: Query, filters: Filters) -> _Selected:
    asked, facets = ts_words(query), ts_facets(filters.facets)
    if not asked:
        return _Selected("d.id", "0.0", "documents d", "d.search @@ CAST(? AS tsquery)", [facets])
    return _Selected(
        "d.id",
        "-ts_rank_cd(d.search, CAST(? AS tsquery))",
        "documents d",
        "d.search @@ CAST(? AS tsquery)",
        [asked, f"{asked} & {facets}"],
    )


def _newest_first(selected: _Selected, filters: Filters, start: Start) -> tuple[str, list[Value]]:
    sql, parameters = _matching(selected, filters, start)
    if start.before is not None:
        sql, parameters = f"{sql} AND {selected.id} < ?", [*parameters, start.before]
    return f"{sql} ORDER BY {selected.id} DESC LIMIT ? OFFSET ?", parameters


def _ranked(selected: _Selected, filters: Filters, start: Start) -> tuple[str, list[Value]]:
    sql, parameters = _matching(selected, filters, start)
    window = f"SELECT * FROM ({sql} ORDER BY {selected.id} DESC LIMIT {WINDOW}) w"
    return f"{window} ORDER BY score, id DESC LIMIT ? OFFSET ?", parameters


def _matching(selected: _Selected, filters: Filters, start: Start) -> tuple[str, list[Value]]:
    conditions = [selected.match, f"{selected.id} <= ?", _STATES[filters.state]]
    parameters = [*selected.parameters, start.newest]
    if filters.latest:
        conditions.append(_LATEST.format(id=selected.id))
        parameters.append(start.newest)
    for time, comparison in ((filters.since, ">="), (filters.until, "<")):
        if time is not None:
            conditions.append(f"d.created_at {comparison} ?")
            parameters.append(time)
    columns = f"d.id, v.artifact_id, v.number, {selected.score} AS score"
    where = " AND ".join(conditions)
    return f"SELECT {columns} FROM {selected.source}{_JOINS} WHERE {where}", parameters
