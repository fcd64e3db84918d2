"""Deliveries: what was sent to a webhook, what has to be, and what was given up."""

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.events import Wanted
from quaestor_artifact_store.repository import audit, webhooks
from quaestor_artifact_store.repository.rows import Page
from quaestor_shared.clock import later
from quaestor_shared.contracts.audit import AuditEntry
from quaestor_shared.contracts.webhooks import DeliveryView
from quaestor_shared.errors import Conflict, NotFound
from quaestor_shared.ids import new_id

__all__ = [
    "add",
    "forget_ended",
    "listing",
    "ping",
    "read",
    "replay_dead",
    "replay_one",
    "replay_range",
]

PING = "webhook.ping"
_COLUMNS = (
    f"SELECT d.id, d.webhook_id, d.position, COALESCE(c.type, '{PING}') AS type, d.state,"
    " d.attempts, d.due_at, d.status, d.error, d.created_at, d.updated_at"
    " FROM deliveries d LEFT JOIN changes c ON c.position = d.position"
)
SELECT_ONE = f"{_COLUMNS} WHERE d.id = ? AND d.webhook_id = ?"
SELECT_LIST = f"{_COLUMNS} WHERE d.webhook_id = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?"
SELECT_LIST_OF_STATE = (
    f"{_COLUMNS} WHERE d.webhook_id = ? AND d.state = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?"
)
SELECT_ENDED = (
    "SELECT id FROM deliveries WHERE state <> 'pending' AND updated_at <= ?"
    " ORDER BY updated_at LIMIT ?"
)
_ADD = (
    "INSERT INTO deliveries (id, webhook_id, position, state, attempts, due_at, created_at,"
    " updated_at) VALUES (?, ?, ?, 'pending', 0, ?, ?, ?)"
    " ON CONFLICT (webhook_id, position) WHERE position > 0 DO"
)
_ANEW = "UPDATE SET state = 'pending', attempts = 0, due_at = excluded.due_at"
_LAST = "~"  # sorts after every id


def read(connection: Connection, webhook_id: str, key: str) -> DeliveryView:
    """Read a delivery. Raises NotFound."""
    row = connection.execute(SELECT_ONE, (key, webhook_id)).fetchone()
    if row is None:
        raise NotFound("There is no delivery with this id.")
    return _view(row)


def listing(
    connection: Connection, webhook_id: str, state: str | None, page: Page
) -> list[DeliveryView]:
    """List a webhook's deliveries, newest first, keyed by id. Raises NotFound."""
    webhooks.read(connection, webhook_id)
    before = page.after[0] if page.after else _LAST
    if state is None:
        rows = connection.execute(SELECT_LIST, (webhook_id, before, page.limit))
    else:
        rows = connection.execute(SELECT_LIST_OF_STATE, (webhook_id, state, before, page.limit))
    return [_view(row) for row in rows]


def add(tx: Transaction, webhook_id: str, changed: list[AuditEntry], *, anew: bool = False) -> None:
    """Make a delivery for each change; one that there is stays, or is sent again if `anew`."""
    what = _ANEW if anew else "NOTHING"
    tx.executemany(
        f"{_ADD} {what}",
        [(new_id(), webhook_id, each.position, tx.now, tx.now, tx.now) for each in changed],
    )


def ping(tx: Transaction, webhook_id: str) -> DeliveryView:
    """Make a delivery of no change, to try a webhook. Raises NotFound, Conflict."""
    if not webhooks.read(tx, webhook_id).active:
        raise Conflict("The webhook is not active, so nothing is sent to it.")
    key = new_id()
    tx.execute(f"{_ADD} NOTHING", (key, webhook_id, 0, tx.now, tx.now, tx.now))
    return read(tx, webhook_id, key)


def replay_one(tx: Transaction, webhook_id: str, key: str) -> int:
    """Send a delivery again, however it ended. Raises NotFound."""
    read(tx, webhook_id, key)
    sql = (
        "UPDATE deliveries SET state = 'pending', attempts = 0, due_at = ?, updated_at = ?"
        " WHERE id = ?"
    )
    return tx.execute(sql, (tx.now, tx.now, key)).rowcount


def replay_dead(tx: Transaction, webhook_id: str) -> int:
    """Send all again that was given up."""
    sql = (
        "UPDATE deliveries SET state = 'pending', attempts = 0, due_at = ?, updated_at = ?"
        " WHERE webhook_id = ? AND state = 'dead'"
    )
    return tx.execute(sql, (tx.now, tx.now, webhook_id)).rowcount


def replay_range(tx: Transaction, webhook_id: str, wanted: Wanted, after: int, to: int) -> int:
    """Send the changes of a range again, those that are wanted."""
    found = [each for each in audit.after(tx, after, to - after) if each.position <= to]
    matching = [each for each in found if each in wanted]
    add(tx, webhook_id, matching, anew=True)
    return len(matching)


def forget_ended(tx: Transaction, limit: int, *, days: int) -> int:
    """Remove deliveries that ended so long ago, at most so many, and give how many those were."""
    before = later(tx.now, -days * 86_400)
    done = tx.execute(f"DELETE FROM deliveries WHERE id IN ({SELECT_ENDED})", (before, limit))
    return done.rowcount


def _view(row: Row) -> DeliveryView:
    return DeliveryView(**dict(row))
