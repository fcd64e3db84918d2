"""SQL of artifacts and their versions. Functions on a connection."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from quaestor_artifact_store.domain.content import Expression
from quaestor_artifact_store.repository import BlobRow, NewVersion, Page
from quaestor_artifact_store.sqlite.journals import feature_key
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import ArtifactView, IfExists, VersionView
from quaestor_shared.errors import Conflict, NotFound, VersionMismatch
from quaestor_shared.ids import new_id

__all__ = ["artifact", "artifacts", "blob", "create", "version", "versions"]

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
OF_ARTIFACT = (
    f"SELECT {_VERSION} {_FROM} WHERE v.artifact_id = ? AND v.number < ?"
    " ORDER BY v.number DESC LIMIT ?"
)
_ARTIFACT = "SELECT a.id, f.slug AS feature_id, a.path, a.latest, a.created_at, a.updated_at"
_ARTIFACTS = f"{_ARTIFACT} FROM artifacts a JOIN features f ON f.id = a.feature_id"
ARTIFACT = f"{_ARTIFACTS} WHERE a.id = ?"
ARTIFACT_AT = f"{_ARTIFACTS} WHERE f.slug = ? AND a.path = ?"
LIST = (
    f"{_ARTIFACT} FROM features f JOIN artifacts a ON a.feature_id = f.id"
    " WHERE (f.slug, a.path) > (?, ?) AND f.slug >= ? ORDER BY f.slug, a.path LIMIT ?"
)
LIST_OF_PATH = (
    f"{_ARTIFACT} FROM features f JOIN artifacts a ON a.feature_id = f.id"
    " WHERE f.slug > ? AND a.path = ? ORDER BY f.slug LIMIT ?"
)
LIST_OF_FEATURE = f"{_ARTIFACTS} WHERE f.slug = ? AND a.path > ? ORDER BY a.path LIMIT ?"
BLOB = "SELECT size, media_type FROM blobs WHERE digest = ?"
_HIGHEST = 2**62


def create(connection: sqlite3.Connection, new: NewVersion, place: str, now: str) -> VersionView:
    """Write a version, or find the latest with the same content where that is asked for.

    Raises Conflict, or VersionMismatch with `place` in its details.
    """
    found = connection.execute(ARTIFACT_AT, (new.feature_id, new.path)).fetchone()
    latest = 0 if found is None else int(found["latest"])
    if new.expected_version is not None and new.expected_version != latest:
        raise _moved_on(new, place, latest)
    if found is not None:
        if new.if_exists is IfExists.FAIL:
            raise Conflict(
                f"{new.path} of {new.feature_id} exists.",
                meta={"existing_id": found["id"], "current_version": latest},
            )
        newest = version(connection, found["id"], Expression(number=latest))
        if new.if_exists is IfExists.FIND_OR_NEW_VERSION and newest.digest == new.digest:
            return msgspec.structs.replace(newest, created=False)
    artifact_id = _artifact_key(connection, new, found, latest + 1, now)
    _insert(connection, new, artifact_id, latest + 1, now)
    return version(connection, artifact_id, Expression(number=latest + 1))


def artifact(connection: sqlite3.Connection, artifact_id: str) -> ArtifactView:
    """Read an artifact. Raises NotFound."""
    row = connection.execute(ARTIFACT, (artifact_id,)).fetchone()
    if row is None:
        raise NotFound("There is no artifact with this id.")
    return _artifact(connection, row)


def artifacts(
    connection: sqlite3.Connection, feature: str | None, path: str | None, page: Page
) -> list[ArtifactView]:
    """List artifacts by feature and path."""
    slug, after = page.after or ("", "")
    rows: Iterable[sqlite3.Row]
    if feature is not None and path is not None:
        rows = connection.execute(ARTIFACT_AT, (feature, path)) if after < path else ()
    elif feature is not None:
        rows = connection.execute(LIST_OF_FEATURE, (feature, after, page.limit))
    elif path is not None:
        rows = connection.execute(LIST_OF_PATH, (slug, path, page.limit))
    else:
        rows = connection.execute(LIST, (slug, after, slug, page.limit))
    return [_artifact(connection, row) for row in rows]


def versions(
    connection: sqlite3.Connection, artifact_id: str, before: int | None, limit: int
) -> list[VersionView]:
    """List an artifact's versions, newest first. Raises NotFound."""
    artifact(connection, artifact_id)
    rows = connection.execute(OF_ARTIFACT, (artifact_id, before or _HIGHEST, limit))
    return [VersionView(**dict(row)) for row in rows]


def version(connection: sqlite3.Connection, artifact_id: str, which: Expression) -> VersionView:
    """Read one version. Raises NotFound."""
    query, wanted = BY_NUMBER, which.number or which.label
    if which.label is not None:
        query = BY_LABEL
    elif which.number is None:
        wanted = artifact(connection, artifact_id).latest.number
    row = connection.execute(query, (artifact_id, wanted)).fetchone()
    if row is None:
        raise NotFound("There is no such version of this artifact.")
    return VersionView(**dict(row))


def blob(connection: sqlite3.Connection, digest: str) -> BlobRow | None:
    """Give what is known of a content."""
    row = connection.execute(BLOB, (digest,)).fetchone()
    return None if row is None else BlobRow(**dict(row))


def _artifact(connection: sqlite3.Connection, row: sqlite3.Row) -> ArtifactView:
    values: dict[str, Any] = dict(row)
    latest = version(connection, row["id"], Expression(number=values.pop("latest")))
    return ArtifactView(**values, latest=latest)


def _artifact_key(
    connection: sqlite3.Connection,
    new: NewVersion,
    found: sqlite3.Row | None,
    number: int,
    now: str,
) -> str:
    if found is not None:
        update = "UPDATE artifacts SET latest = ?, updated_at = ? WHERE id = ?"
        connection.execute(update, (number, now, found["id"]))
        return str(found["id"])
    key, feature = new_id(), feature_key(connection, new.feature_id, now)
    row = (key, feature, new.path, number, now, now)
    connection.execute("INSERT INTO artifacts VALUES (?, ?, ?, ?, ?, ?, NULL)", row)
    return key


def _insert(
    connection: sqlite3.Connection, new: NewVersion, artifact_id: str, number: int, now: str
) -> None:
    connection.execute(
        "INSERT INTO blobs VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT (digest) DO NOTHING",
        (new.digest, new.size, new.media_type, now, now),
    )
    row = (
        *(new_id(), artifact_id, number, new.digest, new.media_type, new.label, new.author),
        *(new.session_id, new.script_version, now, now),
    )
    try:
        connection.execute("INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)", row)
    except sqlite3.IntegrityError as error:
        raise Conflict(
            f"{new.path} of {new.feature_id} has a version labelled {new.label} already."
        ) from error


def _moved_on(new: NewVersion, place: str, latest: int) -> VersionMismatch:
    return VersionMismatch(
        f"{new.path} of {new.feature_id} is at version {latest} by now.",
        meta={"current_version": latest},
        details=[
            ErrorDetail(field=place, message=f"expected {new.expected_version}, found {latest}")
        ],
    )
