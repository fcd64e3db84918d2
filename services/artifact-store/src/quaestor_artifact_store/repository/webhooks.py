"""Webhooks: where events are sent."""

from typing import Any

import msgspec

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.addresses import host_of
from quaestor_artifact_store.repository import changes
from quaestor_artifact_store.repository.rows import Page
from quaestor_shared.contracts.webhooks import (
    CreatedWebhook,
    CreateWebhook,
    UpdateWebhook,
    WebhookView,
)
from quaestor_shared.errors import InvalidInput, NotFound
from quaestor_shared.ids import new_id

__all__ = ["create", "delete", "disable", "listing", "read", "read_row", "update"]

_COLUMNS = (
    "id, url, types, feature_id, active, position, failures, paused_until, disabled_reason,"
    " created_by, created_at, updated_at"
)
SELECT_ONE = f"SELECT {_COLUMNS} FROM webhooks WHERE id = ? AND deleted_at IS NULL"
SELECT_ROW = (
    "SELECT id, url, secret, types, feature_id, active, position, failures, paused_until,"
    " leased_by, leased_until FROM webhooks WHERE id = ? AND deleted_at IS NULL"
)
SELECT_LIST = (
    f"SELECT {_COLUMNS} FROM webhooks WHERE id < ? AND deleted_at IS NULL ORDER BY id DESC LIMIT ?"
)
_INSERT = (
    "INSERT INTO webhooks (id, url, secret, types, feature_id, active, position, failures,"
    " created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)"
)
_LAST = "~"  # sorts after every id


def create(tx: Transaction, new: CreateWebhook, secret: str) -> CreatedWebhook:
    """Make a webhook. Raises InvalidInput for a position that there is not yet."""
    head, key = changes.head(tx).position, new_id()
    if new.after is not None and new.after > head:
        raise InvalidInput(f"There is no event {new.after} yet; the newest is {head}.")
    row = (
        *(key, new.url, secret, _written(new.types), new.feature_id, int(new.active)),
        *(head if new.after is None else new.after, tx.actor, tx.now, tx.now),
    )
    tx.execute(_INSERT, row)
    _record(tx, "webhook.created", key, new.url)
    view = msgspec.structs.asdict(read(tx, key))
    return CreatedWebhook(**view, secret=secret)


def read(connection: Connection, key: str) -> WebhookView:
    """Read a webhook. Raises NotFound."""
    return _view(_found(connection.execute(SELECT_ONE, (key,)).fetchone()))


def read_row(connection: Connection, key: str) -> Row | None:
    """Read what a webhook's deliveries need, its secret too; None where it was deleted."""
    return connection.execute(SELECT_ROW, (key,)).fetchone()


def listing(connection: Connection, page: Page) -> list[WebhookView]:
    """List webhooks, newest first, keyed by id."""
    before = page.after[0] if page.after else _LAST
    return [_view(row) for row in connection.execute(SELECT_LIST, (before, page.limit))]


def update(tx: Transaction, key: str, changed: UpdateWebhook) -> WebhookView:
    """Change a webhook; one that is made active starts with a clean slate. Raises NotFound."""
    given: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(changed).items()
        if value is not msgspec.UNSET
    }
    before = read(tx, key)
    if "types" in given:
        given["types"] = _written(given["types"])
    if "active" in given:
        given["active"] = int(given["active"])
    if given.get("active"):
        given |= {"failures": 0, "paused_until": None, "disabled_reason": None}
    given["updated_at"] = tx.now
    columns = ", ".join(f"{name} = ?" for name in given)
    tx.execute(f"UPDATE webhooks SET {columns} WHERE id = ?", (*given.values(), key))
    _record(tx, "webhook.updated", key, given.get("url", before.url))
    return read(tx, key)


def delete(tx: Transaction, key: str) -> WebhookView:
    """Delete a webhook; nothing more is sent to it. Raises NotFound."""
    deleted = read(tx, key)
    sql = "UPDATE webhooks SET deleted_at = ?, updated_at = ?, active = 0 WHERE id = ?"
    tx.execute(sql, (tx.now, tx.now, key))
    _record(tx, "webhook.deleted", key, deleted.url)
    return deleted


def disable(tx: Transaction, key: str, url: str, reason: str) -> None:
    """Send nothing more to a webhook until somebody makes it active."""
    sql = "UPDATE webhooks SET active = 0, disabled_reason = ?, updated_at = ? WHERE id = ?"
    tx.execute(sql, (reason, tx.now, key))
    _record(tx, "webhook.disabled", key, url)


def _record(tx: Transaction, kind: str, key: str, url: str) -> None:
    # The host alone: a path or a query may be what a receiver takes for a secret.
    changes.record(tx, kind, feature=None, subject=key, data={"host": host_of(url)})


def _written(types: tuple[str, ...]) -> str:
    return msgspec.json.encode(types).decode()


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound("There is no webhook with this id.")
    return row


def _view(row: Row) -> WebhookView:
    types = msgspec.json.decode(row["types"], type=tuple[str, ...])
    return WebhookView(**{**dict(row), "types": types, "active": bool(row["active"])})
