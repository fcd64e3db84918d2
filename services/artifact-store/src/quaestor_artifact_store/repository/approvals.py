"""Approvals: each is of one digest of one artifact, by one approver, until it is withdrawn."""

import msgspec

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.repository import versions, visible
from quaestor_artifact_store.repository.changes import record
from quaestor_artifact_store.repository.rows import Page
from quaestor_shared.contracts.approvals import ApprovalView, CreateApproval
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import NotFound, VersionMismatch
from quaestor_shared.ids import new_id

__all__ = ["grant", "listing", "of_version", "read", "withdraw"]

_APPROVAL = (
    "SELECT p.id, p.artifact_id, p.digest, p.approver, p.note, p.created_at,"
    " p.deleted_at AS withdrawn_at, p.withdrawn_by FROM approvals p"
)
_OF_ARTIFACT = f"{_APPROVAL} WHERE p.artifact_id = ?"
_PAGE = "p.id < ? ORDER BY p.id DESC LIMIT ?"
READ = f"{_OF_ARTIFACT} AND p.id = ?"
GIVEN = f"{_OF_ARTIFACT} AND p.digest = ? AND p.approver = ? AND p.deleted_at IS NULL"
LIST = f"{_OF_ARTIFACT} AND p.deleted_at IS NULL AND {_PAGE}"
LIST_ALL = f"{_OF_ARTIFACT} AND {_PAGE}"
LIST_OF_DIGEST = f"{_OF_ARTIFACT} AND p.digest = ? AND p.deleted_at IS NULL AND {_PAGE}"
_INSERT = "INSERT INTO approvals VALUES (?, ?, ?, ?, ?, NULL, ?, ?, NULL)"
_WITHDRAW = "UPDATE approvals SET deleted_at = ?, withdrawn_by = ?, updated_at = ? WHERE id = ?"
_LAST = "~"  # sorts after every id


def grant(
    tx: Transaction, artifact_id: str, which: Expression, request: CreateApproval
) -> ApprovalView:
    """Approve what a version contains, or find the same approval by the same approver.

    Raises NotFound, and VersionMismatch when the approver has read another digest.
    """
    version = versions.read(tx, artifact_id, which)
    if version.digest != request.digest:
        raise VersionMismatch(
            f"Version {version.number} contains another digest; read it, then approve that.",
            meta={"current_digest": version.digest, "current_version": version.number},
            details=[ErrorDetail(field="/digest", message=f"the version has {version.digest}")],
        )
    given = tx.execute(GIVEN, (artifact_id, request.digest, tx.actor)).fetchone()
    if given is not None:
        return msgspec.structs.replace(_view(given), created=False)
    key = new_id()
    row = (key, artifact_id, request.digest, tx.actor, request.note, tx.now, tx.now)
    tx.execute(_INSERT, row)
    _record(tx, "approval.granted", artifact_id, key, request.digest)
    return read(tx, artifact_id, key)


def withdraw(tx: Transaction, artifact_id: str, approval_id: str) -> ApprovalView:
    """Withdraw an approval; who did and when stays on record. Raises NotFound."""
    found = read(tx, artifact_id, approval_id)
    if found.withdrawn_at is not None:
        raise NotFound(f"This approval was withdrawn at {found.withdrawn_at}.")
    tx.execute(_WITHDRAW, (tx.now, tx.actor, tx.now, approval_id))
    _record(tx, "approval.withdrawn", artifact_id, approval_id, found.digest)
    return read(tx, artifact_id, approval_id)


def read(connection: Connection, artifact_id: str, approval_id: str) -> ApprovalView:
    """Read an approval, withdrawn or not. Raises NotFound."""
    visible.artifact(connection, artifact_id)
    row = connection.execute(READ, (artifact_id, approval_id)).fetchone()
    if row is None:
        raise NotFound("There is no approval with this id of this artifact.")
    return _view(row)


def listing(
    connection: Connection, artifact_id: str, page: Page, *, withdrawn: bool = False
) -> list[ApprovalView]:
    """List an artifact's approvals, newest first, keyed by id. Raises NotFound."""
    visible.artifact(connection, artifact_id)
    query = LIST_ALL if withdrawn else LIST
    rows = connection.execute(query, (artifact_id, _before(page), page.limit))
    return [_view(row) for row in rows.fetchall()]


def of_version(
    connection: Connection, artifact_id: str, which: Expression, page: Page
) -> list[ApprovalView]:
    """List the live approvals of what a version contains, newest first. Raises NotFound."""
    digest = versions.read(connection, artifact_id, which).digest
    rows = connection.execute(LIST_OF_DIGEST, (artifact_id, digest, _before(page), page.limit))
    return [_view(row) for row in rows.fetchall()]


def _before(page: Page) -> str:
    return page.after[0] if page.after else _LAST


def _view(row: Row) -> ApprovalView:
    return ApprovalView(**dict(row))


def _record(tx: Transaction, kind: str, artifact_id: str, key: str, digest: str) -> None:
    feature = visible.artifact(tx, artifact_id).feature_id
    data: dict[str, str | int | None] = {"approval_id": key, "digest": digest}
    record(tx, kind, feature=feature, subject=artifact_id, data=data)
