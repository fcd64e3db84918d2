"""Lists of artifacts: filtered, sorted, page by page, each query along an index.

A list walks one index in its order, between two bounds: by path within a feature, or by a time
within a feature or in all of them. All features by path are walked one after the other. What
narrows the list further is looked at row by row.
"""

from quaestor_artifact_store.database import Connection, Row
from quaestor_artifact_store.domain.listing import ArtifactFilter, ArtifactSort, Bounds
from quaestor_artifact_store.repository import versions
from quaestor_artifact_store.repository.artifacts import COLUMNS, FROM, view
from quaestor_artifact_store.repository.clauses import Clause, joined, narrowing
from quaestor_artifact_store.repository.rows import Page
from quaestor_shared.contracts.versions import ArtifactState, ArtifactView

__all__ = ["count", "counting", "listing", "walking"]

_LIVE = "f.deleted_at IS NULL AND a.deleted_at IS NULL"
_DELETED = "f.deleted_at IS NULL AND a.deleted_at IS NOT NULL AND a.purged_at IS NULL"
_NONE: Clause = ("1 = 1", ())
_STATES = {
    None: _LIVE,
    ArtifactState.GENERATED: f"{_LIVE} AND NOT EXISTS (SELECT 1 {versions.APPROVALS})",
    ArtifactState.APPROVED: f"{_LIVE} AND EXISTS (SELECT 1 {versions.APPROVALS})",
    ArtifactState.DELETED: _DELETED,
}
_IN_ALL: Clause = ("f.slug > ?", ("",))


def listing(connection: Connection, asked: ArtifactFilter, page: Page) -> list[ArtifactView]:
    """List artifacts; `page.after` is the last one's sort key: its `ArtifactFilter.key_of`."""
    return [view(row) for row in _rows(connection, asked, page)]


def count(connection: Connection, asked: ArtifactFilter) -> int:
    """Count what all pages of a list hold together."""
    row = connection.execute(*counting(asked)).fetchone()
    return 0 if row is None else int(row["total"])


def _rows(connection: Connection, asked: ArtifactFilter, page: Page) -> list[Row]:
    bounds, after, limit = asked.bounds(), page.after, page.limit
    if asked.sort.column != "path" or asked.feature_id is not None:
        rest = bounds.going_on(after and after[-2:], down=asked.sort.down)
        return connection.execute(*walking(asked, _scope(asked), rest, limit)).fetchall()
    if after is None:
        return connection.execute(*walking(asked, _IN_ALL, bounds, limit)).fetchall()
    # First what is left of the feature that the last page ended in, then the features after it.
    slug, rest = after[0], bounds.going_on(after[-2:], down=asked.sort.down)
    here = walking(asked, ("f.slug = ?", (slug,)), rest, limit)
    rows = connection.execute(*here).fetchall()
    beyond: Clause = ("f.slug < ?" if asked.sort.down else "f.slug > ?", (slug,))
    missing = limit - len(rows)
    return rows + connection.execute(*walking(asked, beyond, bounds, missing)).fetchall()


def walking(asked: ArtifactFilter, scope: Clause, bounds: Bounds, limit: int) -> Clause:
    """Give the statement that walks an index between bounds, and its parameters."""
    conditions, parameters = _conditions(asked, asked.sort, scope, bounds)
    by_path = asked.sort.column == "path"
    keys = ("f.slug", "a.path", "a.id") if by_path else (f"a.{asked.sort.column}", "a.id")
    order = ", ".join(f"{key} DESC" if asked.sort.down else key for key in keys)
    text = f"SELECT {COLUMNS} {FROM} AND {conditions} ORDER BY {order} LIMIT ?"
    return text, (*parameters, limit)


def counting(asked: ArtifactFilter) -> Clause:
    """Give the statement that counts a list, and its parameters."""
    sort = ArtifactSort.UPDATED if asked.feature_id is None else ArtifactSort.PATH
    conditions, parameters = _conditions(asked, sort, _scope(asked), asked.bounds(sort))
    return f"SELECT count(*) AS total {FROM} AND {conditions}", parameters


def _scope(asked: ArtifactFilter) -> Clause:
    return _NONE if asked.feature_id is None else ("f.slug = ?", (asked.feature_id,))


def _conditions(asked: ArtifactFilter, sort: ArtifactSort, scope: Clause, bounds: Bounds) -> Clause:
    key = f"(a.{sort.column}, a.id)"
    upper = [] if bounds.upper is None else [(f"{key} < (?, ?)", bounds.upper)]
    return joined(
        [
            (_STATES[asked.state], ()),
            scope,
            (f"{key} > (?, ?)", bounds.lower),
            *upper,
            *narrowing(
                ("a.path", "is", asked.path),
                ("a.path", "starts", asked.path_prefix),
                ("v.media_type", "media", asked.media_type),
                ("v.author", "is", asked.author),
                ("a.updated_at", "from", asked.since),
                ("a.updated_at", "before", asked.until),
            ),
        ]
    )
