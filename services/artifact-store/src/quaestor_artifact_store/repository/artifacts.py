"""Artifacts: a feature's paths, each with the versions that were written to it."""

import msgspec

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.repository import search, versions, visible
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.features import feature_key
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.versions import ArtifactState, ArtifactView, IfExists, VersionView
from quaestor_shared.errors import Conflict, VersionMismatch
from quaestor_shared.ids import new_id

__all__ = [
    "COLUMNS",
    "FROM",
    "LATEST_AT",
    "at",
    "create_version",
    "last_of_deleted",
    "read",
    "view",
]

# The cross joins keep SQLite from looking at versions first, whatever a condition says of them.
FROM = (
    "FROM artifacts a JOIN features f ON f.id = a.feature_id"
    " CROSS JOIN versions v CROSS JOIN blobs b"
    " WHERE v.artifact_id = a.id AND v.number = a.latest AND b.digest = v.digest"
)
COLUMNS = (
    f"{versions.COLUMNS}, a.created_at AS made_at, a.updated_at AS changed_at,"
    " a.deleted_at, f.deleted_at AS feature_deleted_at"
)
READ = f"SELECT {COLUMNS} {FROM} AND a.id = ?"
AT = f"SELECT {COLUMNS} {FROM} AND f.slug = ? AND a.path = ? AND a.deleted_at IS NULL"
LATEST_AT = (
    "SELECT a.id, a.latest FROM artifacts a WHERE a.feature_id = ? AND a.path = ?"
    " AND a.deleted_at IS NULL"
)
LAST_AT = (
    "SELECT MAX(latest) AS number FROM artifacts"
    " WHERE feature_id = ? AND path = ? AND deleted_at IS NOT NULL"
)
_INSERT = (
    "INSERT INTO artifacts (id, feature_id, path, latest, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_ADVANCE = "UPDATE artifacts SET latest = ?, updated_at = ? WHERE id = ?"


def create_version(tx: Transaction, new: NewVersion, place: str) -> VersionView:
    """Write a version, or find the latest with the same content where that is asked for.

    Numbers go on after the last that any artifact at the path had, deleted and purged ones
    included. `place` is the version's pointer in the request, for the details of what is raised:
    Conflict, or VersionMismatch.
    """
    feature = feature_key(tx, new.feature_id, place)
    newest = _newest(tx, feature, new.path)
    _check(new, newest, place)
    if newest is not None and _is_wanted(newest, new, place):
        return msgspec.structs.replace(newest, created=False)
    artifact_id, number = _next(tx, feature, new.path, newest)
    # Times follow the numbers even where a clock was set back: `as-of` relies on it.
    made_at = tx.now if newest is None else max(tx.now, newest.created_at)
    version = versions.insert(tx, new, place, artifact_id, number, made_at)
    position = record(
        tx,
        "version.created",
        feature=feature,
        subject=artifact_id,
        data={"path": new.path, "number": number, "digest": new.digest},
    )
    before = None if newest is None else newest.id
    entry = search.Entry(version.id, version.author, version.created_at, new.document, before)
    search.index(tx, position, entry)
    return version


def read(connection: Connection, artifact_id: str, *, deleted: bool = False) -> ArtifactView:
    """Read an artifact with its latest version; a deleted one only where `deleted` asks for it.

    Raises NotFound, or Gone for a purged one.
    """
    row = connection.execute(READ, (artifact_id,)).fetchone()
    return view(visible.shown(connection, artifact_id, row, deleted=deleted))


def at(connection: Connection, feature_id: str, path: str) -> ArtifactView | None:
    """Read the live artifact at a path, or None where there is none.

    Raises NotFound when it is there and its feature is deleted.
    """
    row = connection.execute(AT, (feature_id, path)).fetchone()
    if row is None:
        return None
    visible.check_feature(feature_id, row["feature_deleted_at"])
    return view(row)


def view(row: Row) -> ArtifactView:
    """Give the artifact that a row with the COLUMNS tells of."""
    latest, deleted_at = versions.view(row), row["deleted_at"] or row["feature_deleted_at"]
    return ArtifactView(
        id=latest.artifact_id,
        feature_id=latest.feature_id,
        path=latest.path,
        created_at=row["made_at"],
        updated_at=row["changed_at"],
        latest=latest,
        state=ArtifactState(latest.state) if deleted_at is None else ArtifactState.DELETED,
        deleted_at=deleted_at,
    )


def last_of_deleted(tx: Transaction, feature: str, path: str) -> int:
    """Give the last number that a deleted or purged artifact at a path had, 0 for none."""
    row = tx.execute(LAST_AT, (feature, path)).fetchone()
    return 0 if row is None or row["number"] is None else int(row["number"])


def _newest(tx: Transaction, feature: str, path: str) -> VersionView | None:
    found = tx.execute(LATEST_AT, (feature, path)).fetchone()
    if found is None:
        return None
    return versions.read(tx, found["id"], Expression(number=found["latest"]))


def _is_wanted(newest: VersionView, new: NewVersion, place: str) -> bool:
    """Say whether the latest version is what the writer wants. Raises Conflict."""
    if new.if_exists is IfExists.FAIL:
        raise Conflict(
            f"{new.path} of {new.feature_id} exists.",
            meta={"existing_id": newest.artifact_id, "current_version": newest.number},
            details=[ErrorDetail(field=f"{place}/path", message="there is an artifact already")],
        )
    return new.if_exists is IfExists.FIND_OR_NEW_VERSION and _is_same(newest, new)


def _is_same(newest: VersionView, new: NewVersion) -> bool:
    """Say whether a version is as it would be written: also of that type, and with that label."""
    return (
        newest.digest == new.digest
        and newest.media_type == new.media_type
        and new.label in (None, newest.label)
    )


def _next(tx: Transaction, feature: str, path: str, newest: VersionView | None) -> tuple[str, int]:
    """Make room for a version: of the artifact at a path, or of a new one."""
    number = max(newest.number if newest else 0, last_of_deleted(tx, feature, path)) + 1
    if newest is None:
        key = new_id()
        tx.execute(_INSERT, (key, feature, path, number, tx.now, tx.now))
        return key, number
    tx.execute(_ADVANCE, (number, tx.now, newest.artifact_id))
    return newest.artifact_id, number


def _check(new: NewVersion, newest: VersionView | None, place: str) -> None:
    """Raise VersionMismatch, or that a condition is required, unless the write may be done.

    A version that is there already is what the writer wants: a write that is sent again finds it.
    """
    number, digest = (0, None) if newest is None else (newest.number, newest.digest)
    if new.expected_version is not None and new.expected_version != number:
        place = f"{place}/expected_version"
        raise _moved_on(new, newest, place, f"expected {new.expected_version}, found {number}")
    if newest is not None and _is_same(newest, new) and new.condition.exists is not False:
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
