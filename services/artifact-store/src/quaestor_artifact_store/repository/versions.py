"""Versions: read by expression, and written once for good."""

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.repository import blobs, visible
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import VersionState, VersionView
from quaestor_shared.errors import Conflict
from quaestor_shared.ids import new_id

__all__ = ["APPROVALS", "COLUMNS", "FROM", "insert", "read", "view", "with_digest"]

# The live approvals of a version's digest; the alias is `p` throughout.
APPROVALS = (
    "FROM approvals p WHERE p.artifact_id = v.artifact_id AND p.digest = v.digest"
    " AND p.deleted_at IS NULL"
)
_OWN = (
    "v.id, v.artifact_id, f.slug AS feature_id, a.path, v.number, v.digest, b.size,"
    " v.media_type, v.author, v.created_at, v.label, v.session_id, v.script_version"
)
COLUMNS = f"{_OWN}, (SELECT count(*) {APPROVALS}) AS approvals"
_VERSION = f"{COLUMNS}, a.deleted_at, f.deleted_at AS feature_deleted_at"
FROM = (
    "FROM versions v JOIN artifacts a ON a.id = v.artifact_id"
    " JOIN features f ON f.id = a.feature_id JOIN blobs b ON b.digest = v.digest"
)
_FIELDS = tuple(part.split()[-1].rpartition(".")[2] for part in (*_OWN.split(","), "approvals"))
BY_NUMBER = f"SELECT {_VERSION} {FROM} WHERE v.artifact_id = ? AND v.number = ?"
BY_LABEL = f"SELECT {_VERSION} {FROM} WHERE v.artifact_id = ? AND v.label = ?"
LATEST = f"SELECT {_VERSION} {FROM} WHERE a.id = ? AND v.number = a.latest"
LAST_APPROVED = (
    "SELECT MAX(v.number) AS number FROM approvals p"
    " JOIN versions v ON v.digest = p.digest AND v.artifact_id = p.artifact_id"
    " WHERE p.artifact_id = ? AND p.deleted_at IS NULL"
)
AS_OF = (
    "SELECT number FROM versions WHERE artifact_id = ? AND created_at <= ?"
    " ORDER BY created_at DESC, number DESC LIMIT 1"
)
WITH_DIGEST = "SELECT MAX(number) AS number FROM versions WHERE digest = ? AND artifact_id = ?"
LABELLED = "SELECT number FROM versions WHERE artifact_id = ? AND label = ?"


def read(
    connection: Connection, artifact_id: str, which: Expression, *, deleted: bool = False
) -> VersionView:
    """Read one version; that of a deleted artifact only where `deleted` asks for it.

    Raises NotFound, or Gone for a purged artifact.
    """
    row = _find(connection, artifact_id, which)
    return view(visible.shown(connection, artifact_id, row, deleted=deleted))


def view(row: Row) -> VersionView:
    """Give the version that a row with the COLUMNS tells of."""
    state = VersionState.APPROVED if row["approvals"] else VersionState.GENERATED
    return VersionView(**{name: row[name] for name in _FIELDS}, state=state)


def with_digest(connection: Connection, artifact_id: str, digest: str) -> VersionView | None:
    """Give the newest version of an artifact that has a content, or None."""
    row = connection.execute(WITH_DIGEST, (digest, artifact_id)).fetchone()
    number = None if row is None else row["number"]
    return None if number is None else read(connection, artifact_id, Expression(number=number))


def insert(
    tx: Transaction, new: NewVersion, place: str, artifact_id: str, number: int, at: str
) -> VersionView:
    """Write a version under a number that is free. Raises Conflict when its label is taken."""
    labelled = new.label is not None and tx.execute(LABELLED, (artifact_id, new.label)).fetchone()
    if labelled:
        raise Conflict(
            f"{new.path} of {new.feature_id} has a version labelled {new.label} already.",
            meta={"existing_version": labelled["number"]},
            details=[ErrorDetail(field=f"{place}/label", message="the label is taken")],
        )
    blobs.name(tx, new.digest, new.size, new.media_type, uploaded=new.uploaded)
    row = (
        *(new_id(), artifact_id, number, new.digest, new.media_type, new.label, tx.actor),
        *(new.session_id, new.script_version, at, at),
    )
    tx.execute("INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)", row)
    return read(tx, artifact_id, Expression(number=number))


def _find(connection: Connection, artifact_id: str, which: Expression) -> Row | None:
    if which.label is not None:
        return connection.execute(BY_LABEL, (artifact_id, which.label)).fetchone()
    if which.number is not None:
        return connection.execute(BY_NUMBER, (artifact_id, which.number)).fetchone()
    if which.approved:
        named = connection.execute(LAST_APPROVED, (artifact_id,)).fetchone()
    elif which.as_of is not None:
        named = connection.execute(AS_OF, (artifact_id, which.as_of)).fetchone()
    else:
        return connection.execute(LATEST, (artifact_id,)).fetchone()
    number = None if named is None else named["number"]
    return None if number is None else _find(connection, artifact_id, Expression(number=number))
