"""Versions: read by expression, and written once for good."""

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.domain.content import Expression
from quaestor_artifact_store.repository import blobs
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_shared.contracts.versions import VersionView
from quaestor_shared.errors import Conflict, NotFound
from quaestor_shared.ids import new_id

__all__ = ["insert", "listing", "read", "with_digest"]

_VERSION = (
    "v.id, v.artifact_id, f.slug AS feature_id, a.path, v.number, v.digest, b.size,"
    " v.media_type, v.author, v.created_at, v.label, v.session_id, v.script_version"
)
_FROM = (
    "FROM versions v JOIN artifacts a ON a.id = v.artifact_id"
    " JOIN features f ON f.id = a.feature_id JOIN blobs b ON b.digest = v.digest"
)
BY_NUMBER = f"SELECT {_VERSION} {_FROM} WHERE v.artifact_id = ? AND v.number = ?"
BY_LABEL = f"SELECT {_VERSION} {_FROM} WHERE v.artifact_id = ? AND v.label = ?"
LATEST = f"SELECT {_VERSION} {_FROM} WHERE a.id = ? AND v.number = a.latest"
LIST = (
    f"SELECT {_VERSION} {_FROM} WHERE v.artifact_id = ? AND v.number < ?"
    " ORDER BY v.number DESC LIMIT ?"
)
WITH_DIGEST = "SELECT MAX(number) AS number FROM versions WHERE digest = ? AND artifact_id = ?"
LABELLED = "SELECT number FROM versions WHERE artifact_id = ? AND label = ?"
_HIGHEST = 2**62


def read(connection: Connection, artifact_id: str, which: Expression) -> VersionView:
    """Read one version. Raises NotFound."""
    if which.label is not None:
        found = connection.execute(BY_LABEL, (artifact_id, which.label))
    elif which.number is not None:
        found = connection.execute(BY_NUMBER, (artifact_id, which.number))
    else:
        found = connection.execute(LATEST, (artifact_id,))
    row = found.fetchone()
    if row is None:
        raise NotFound("There is no such version of this artifact.")
    return VersionView(**dict(row))


def with_digest(connection: Connection, artifact_id: str, digest: str) -> VersionView | None:
    """Give the newest version of an artifact that has a content, or None."""
    row = connection.execute(WITH_DIGEST, (digest, artifact_id)).fetchone()
    number = None if row is None else row["number"]
    return None if number is None else read(connection, artifact_id, Expression(number=number))


def listing(
    connection: Connection, artifact_id: str, before: int | None, limit: int
) -> list[VersionView]:
    """List an artifact's versions, newest first, below a number."""
    rows = connection.execute(LIST, (artifact_id, before or _HIGHEST, limit))
    return [VersionView(**dict(row)) for row in rows]


def insert(tx: Transaction, new: NewVersion, artifact_id: str, number: int) -> VersionView:
    """Write a version under a number that is free. Raises Conflict when its label is taken."""
    labelled = new.label is not None and tx.execute(LABELLED, (artifact_id, new.label)).fetchone()
    if labelled:
        raise Conflict(
            f"{new.path} of {new.feature_id} has a version labelled {new.label} already.",
            meta={"existing_version": labelled["number"]},
        )
    blobs.name(tx, new.digest, new.size, new.media_type, uploaded=new.uploaded)
    row = (
        *(new_id(), artifact_id, number, new.digest, new.media_type, new.label, tx.actor),
        *(new.session_id, new.script_version, tx.now, tx.now),
    )
    tx.execute("INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)", row)
    return read(tx, artifact_id, Expression(number=number))
