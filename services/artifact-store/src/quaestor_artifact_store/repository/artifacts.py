"""Artifacts: a feature's paths, each with the versions that were written to it."""

from collections.abc import Iterable

import msgspec

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.content import Expression
from quaestor_artifact_store.repository import search, versions
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.features import feature_key
from quaestor_artifact_store.repository.rows import NewVersion, Page
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.versions import ArtifactView, IfExists, VersionView
from quaestor_shared.errors import Conflict, NotFound, VersionMismatch
from quaestor_shared.ids import new_id

__all__ = ["at", "create_version", "listing", "read"]

_ARTIFACT = "SELECT a.id, f.slug AS feature_id, a.path, a.created_at, a.updated_at"
_ARTIFACTS = f"{_ARTIFACT} FROM artifacts a JOIN features f ON f.id = a.feature_id"
_LIVE = "AND a.deleted_at IS NULL"
READ = f"{_ARTIFACTS} WHERE a.id = ? {_LIVE}"
AT = f"{_ARTIFACTS} WHERE f.slug = ? AND a.path = ? {_LIVE}"
LATEST_AT = (
    "SELECT a.id, a.latest FROM artifacts a WHERE a.feature_id = ? AND a.path = ?"
    " AND a.deleted_at IS NULL"
)
LAST_AT = "SELECT MAX(latest) AS number FROM artifacts WHERE feature_id = ? AND path = ?"
LIST = (
    f"{_ARTIFACT} FROM features f JOIN artifacts a ON a.feature_id = f.id"
    f" WHERE (f.slug, a.path) > (?, ?) AND f.slug >= ? {_LIVE} ORDER BY f.slug, a.path LIMIT ?"
)
LIST_OF_PATH = (
    f"{_ARTIFACT} FROM features f JOIN artifacts a ON a.feature_id = f.id"
    f" WHERE f.slug > ? AND a.path = ? {_LIVE} ORDER BY f.slug LIMIT ?"
)
LIST_OF_FEATURE = f"{_ARTIFACTS} WHERE f.slug = ? AND a.path > ? {_LIVE} ORDER BY a.path LIMIT ?"


def create_version(tx: Transaction, new: NewVersion, place: str) -> VersionView:
    """Write a version, or find the latest with the same content where that is asked for.

    Raises Conflict, or VersionMismatch with `place` in its details.
    """
    feature = feature_key(tx, new.feature_id)
    found = tx.execute(LATEST_AT, (feature, new.path)).fetchone()
    latest = 0 if found is None else int(found["latest"])
    newest = None if found is None else versions.read(tx, found["id"], Expression(number=latest))
    _check(new, newest, place)
    if found is not None and newest is not None:
        if new.if_exists is IfExists.FAIL:
            raise Conflict(
                f"{new.path} of {new.feature_id} exists.",
                meta={"existing_id": found["id"], "current_version": latest},
            )
        if new.if_exists is IfExists.FIND_OR_NEW_VERSION and newest.digest == new.digest:
            return msgspec.structs.replace(newest, created=False)
        artifact_id, number = str(found["id"]), latest + 1
        tx.execute(
            "UPDATE artifacts SET latest = ?, updated_at = ? WHERE id = ?",
            (number, tx.now, artifact_id),
        )
    else:
        artifact_id, number = _insert(tx, feature, new.path)
    version = versions.insert(tx, new, artifact_id, number)
    position = record(
        tx,
        "version.created",
        feature=feature,
        subject=artifact_id,
        data={"path": new.path, "number": number, "digest": new.digest},
    )
    entry = search.Entry(version.id, version.author, version.created_at, new.document)
    search.index(tx, position, entry)
    return version


def read(connection: Connection, artifact_id: str) -> ArtifactView:
    """Read an artifact with its latest version. Raises NotFound."""
    row = connection.execute(READ, (artifact_id,)).fetchone()
    if row is None:
        raise NotFound("There is no artifact with this id.")
    return _view(connection, row)


def at(connection: Connection, feature_id: str, path: str) -> ArtifactView | None:
    """Read the artifact at a path, or None where there is none."""
    row = connection.execute(AT, (feature_id, path)).fetchone()
    return None if row is None else _view(connection, row)


def listing(
    connection: Connection, feature_id: str | None, path: str | None, page: Page
) -> list[ArtifactView]:
    """List artifacts by feature and path, keyed by both."""
    slug, after = page.after or ("", "")
    rows: Iterable[Row]
    if feature_id is not None and path is not None:
        rows = connection.execute(AT, (feature_id, path)) if after < path else ()
    elif feature_id is not None:
        rows = connection.execute(LIST_OF_FEATURE, (feature_id, after, page.limit))
    elif path is not None:
        rows = connection.execute(LIST_OF_PATH, (slug, path, page.limit))
    else:
        rows = connection.execute(LIST, (slug, after, slug, page.limit))
    return [_view(connection, row) for row in list(rows)]


def _view(connection: Connection, row: Row) -> ArtifactView:
    return ArtifactView(**dict(row), latest=versions.read(connection, row["id"], Expression()))


def _insert(tx: Transaction, feature: str, path: str) -> tuple[str, int]:
    """Make an artifact; its numbers go on where those of a deleted one at its path ended."""
    row = tx.execute(LAST_AT, (feature, path)).fetchone()
    last = row["number"] if row is not None else None
    key, number = new_id(), (last or 0) + 1
    columns = "(id, feature_id, path, latest, created_at, updated_at)"
    tx.execute(
        f"INSERT INTO artifacts {columns} VALUES (?, ?, ?, ?, ?, ?)",
        (key, feature, path, number, tx.now, tx.now),
    )
    return key, number


def _check(new: NewVersion, newest: VersionView | None, place: str) -> None:
    """Raise VersionMismatch, or that a condition is required, unless the write may be done.

    A content that is there already is what the writer wants: a write that is sent again finds it.
    """
    number, digest = (0, None) if newest is None else (newest.number, newest.digest)
    if new.expected_version is not None and new.expected_version != number:
        raise _moved_on(new, newest, place, f"expected {new.expected_version}, found {number}")
    if digest == new.digest and new.condition.exists is not False:
        return
    if newest is not None and new.condition.required and not new.condition.given:
        raise Conflict(
            f"{new.path} of {new.feature_id} exists: say which version the change is made to.",
            code=ErrorCode.PRECONDITION_REQUIRED,
            status=428,
            meta={"current_version": number, "current_digest": digest},
            details=[ErrorDetail(field="If-Match", message=f'send `"{digest}"`, or `*` for any')],
        )
    if not new.condition.holds(digest):
        header = "If-None-Match" if new.condition.exists is False else "If-Match"
        found = f'the latest version has `"{digest}"`' if digest else "there is no version"
        raise _moved_on(new, newest, header, found)


def _moved_on(
    new: NewVersion, newest: VersionView | None, place: str, found: str
) -> VersionMismatch:
    at = "has no version" if newest is None else f"is at version {newest.number} by now"
    current = {} if newest is None else {"current_digest": newest.digest}
    return VersionMismatch(
        f"{new.path} of {new.feature_id} {at}.",
        meta={"current_version": newest.number if newest else 0, **current},
        details=[ErrorDetail(field=place, message=found)],
    )
