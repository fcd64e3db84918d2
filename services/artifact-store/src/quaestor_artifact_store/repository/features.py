"""Features: what artifacts and journals belong to."""

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.lifecycle import check_writable, purged
from quaestor_artifact_store.domain.reserved import check_open
from quaestor_artifact_store.repository import visible
from quaestor_shared.contracts.features import FeatureState, FeatureView
from quaestor_shared.errors import NotFound
from quaestor_shared.ids import new_id

__all__ = ["any_feature", "count", "feature_key", "listing", "read"]

_COUNTED = (
    "(SELECT count(*) FROM artifacts a WHERE a.feature_id = f.id AND a.deleted_at IS NULL)"
    " AS artifacts,"
    " (SELECT count(*) FROM journals j WHERE j.feature_id = f.id AND j.deleted_at IS NULL)"
    " AS journals"
)
_FEATURE = (
    f"f.slug AS feature_id, f.created_at, f.updated_at, f.deleted_at, f.purged_at, {_COUNTED}"
)
_FIELDS = ("feature_id", "created_at", "updated_at", "deleted_at", "artifacts", "journals")
_PAGE = "f.slug > ? AND f.purged_at IS NULL ORDER BY f.slug LIMIT ?"
KEY = "SELECT id, deleted_at, purged_at FROM features WHERE slug = ?"
READ = f"SELECT {_FEATURE} FROM features f WHERE f.slug = ?"
COUNT_LIVE = "SELECT count(*) AS total FROM features f WHERE f.slug > '' AND f.deleted_at IS NULL"
COUNT_DELETED = (
    "SELECT count(*) AS total FROM features f WHERE f.slug > ''"
    " AND f.deleted_at IS NOT NULL AND f.purged_at IS NULL"
)
LIST_LIVE = f"SELECT {_FEATURE} FROM features f WHERE f.deleted_at IS NULL AND {_PAGE}"
LIST_DELETED = f"SELECT {_FEATURE} FROM features f WHERE f.deleted_at IS NOT NULL AND {_PAGE}"


def feature_key(tx: Transaction, slug: str, place: str = "") -> str:
    """Give the key of a feature's row, which is made when the feature is first named.

    Raises Conflict for a feature that is deleted: nothing is written to it; and that it is reserved
    (403). `place` is the pointer to what names the feature in the request.
    """
    check_open(slug, tx.actor, f"{place}/feature_id")
    found = tx.execute(KEY, (slug,)).fetchone()
    if found is not None:
        check_writable(slug, found["deleted_at"], found["purged_at"], f"{place}/feature_id")
        return str(found["id"])
    key = new_id()
    columns = "(id, slug, created_at, updated_at)"
    tx.execute(f"INSERT INTO features {columns} VALUES (?, ?, ?, ?)", (key, slug, tx.now, tx.now))
    return key


def any_feature(connection: Connection, slug: str) -> Row:
    """Find a feature's row, live or deleted. Raises NotFound, or Gone for a purged one."""
    return _found(connection.execute(KEY, (slug,)).fetchone(), slug)


def read(connection: Connection, slug: str, *, deleted: bool = False) -> FeatureView:
    """Read a feature with its counts; a deleted one only where `deleted` asks for it.

    Raises NotFound, or Gone for a purged one.
    """
    row = _found(connection.execute(READ, (slug,)).fetchone(), slug)
    if not deleted:
        visible.check_feature(slug, row["deleted_at"])
    return _view(row)


def listing(
    connection: Connection, state: FeatureState, after: str, limit: int
) -> list[FeatureView]:
    """List the features of a state, by their ids, after one of them."""
    query = LIST_LIVE if state is FeatureState.LIVE else LIST_DELETED
    return [_view(row) for row in connection.execute(query, (after, limit)).fetchall()]


def count(connection: Connection, state: FeatureState) -> int:
    """Count the features of a state."""
    query = COUNT_LIVE if state is FeatureState.LIVE else COUNT_DELETED
    row = connection.execute(query).fetchone()
    return 0 if row is None else int(row["total"])


def _found(row: Row | None, slug: str) -> Row:
    if row is None:
        raise NotFound("There is no feature with this id.")
    if row["purged_at"] is not None:
        raise purged(f"Feature {slug}", row["purged_at"])
    return row


def _view(row: Row) -> FeatureView:
    state = FeatureState.LIVE if row["deleted_at"] is None else FeatureState.DELETED
    return FeatureView(**{name: row[name] for name in _FIELDS}, state=state)
