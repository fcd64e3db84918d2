"""The queue of deliveries: one process at a time works for a webhook, under a lease.

A delivery is handed out in the order of positions, among those whose time has come. What a process
took and did not settle is handed out again when its lease has run out: at least once, then.
"""

from typing import NamedTuple

import msgspec

from quaestor_artifact_store.database import Connection, Row, Transaction
from quaestor_artifact_store.domain.events import Wanted, event_of
from quaestor_artifact_store.domain.webhooks import rest, retry_delay
from quaestor_artifact_store.receivers import Answer
from quaestor_artifact_store.repository import audit, changes, deliveries, webhooks
from quaestor_shared.clock import later
from quaestor_shared.contracts.events import CloudEvent

__all__ = ["Job", "Plan", "Settled", "due", "release", "step"]

SELECT_ACTIVE = (
    "SELECT id, position, paused_until, leased_by, leased_until FROM webhooks"
    " WHERE id > '' AND active = 1 AND deleted_at IS NULL ORDER BY id"
)
SELECT_DUE = (
    "SELECT id, position, attempts, created_at FROM deliveries"
    " WHERE webhook_id = ? AND state = 'pending' AND due_at <= ? ORDER BY position LIMIT 1"
)
SELECT_WAITING = (
    "SELECT position FROM deliveries WHERE webhook_id = ? AND state = 'pending' LIMIT ?"
)
_MOST_WAITING = 1_000  # deliveries of a webhook; further changes wait where they are
_PAGE = 500
_GONE = 410
_GOOD = range(200, 300)
_encode = msgspec.json.Encoder().encode


class Plan(NamedTuple):
    """How often to try, the delay in seconds after the first failure, and how long a lease is."""

    attempts: int
    backoff_s: float
    lease_s: float


class Job(NamedTuple):
    """A delivery to make, and what of its webhook it needs."""

    webhook_id: str
    delivery_id: str
    attempts: int
    url: str
    secret: str
    message_id: str
    body: bytes


class Settled(NamedTuple):
    """How a delivery went; `chance`, between 0 and 1, spreads the delay before the next."""

    job: Job
    answer: Answer
    chance: float


def due(connection: Connection, owner: str, now: str) -> tuple[list[str], int]:
    """List the webhooks that `owner` can work for now, and count those that are active."""
    active = connection.execute(SELECT_ACTIVE).fetchall()
    head = changes.head(connection).position if active else 0
    return [
        str(row["id"])
        for row in active
        if _free(row, owner, now) and _has_work(connection, row, head, now)
    ], len(active)


def step(
    tx: Transaction, webhook_id: str, owner: str, plan: Plan, settled: Settled | None
) -> tuple[Job | None, bool]:
    """Settle a delivery, and hand out the next under a lease; say whether there may be more."""
    if settled is not None:
        _settle(tx, plan, settled)
    row = webhooks.read_row(tx, webhook_id)
    if row is None or not row["active"] or not _free(row, owner, tx.now):
        return None, False
    more = _fill(tx, row)
    job = _next(tx, row)
    leased = (owner, later(tx.now, plan.lease_s)) if job or more else (None, None)
    sql = "UPDATE webhooks SET leased_by = ?, leased_until = ? WHERE id = ?"
    tx.execute(sql, (*leased, webhook_id))
    return job, more


def release(tx: Transaction, owner: str) -> None:
    """Let others work for the webhooks that `owner` worked for."""
    sql = "UPDATE webhooks SET leased_by = NULL, leased_until = NULL WHERE leased_by = ?"
    tx.execute(sql, (owner,))


def _free(row: Row, owner: str, now: str) -> bool:
    leased = row["leased_by"] not in (None, owner) and row["leased_until"] > now
    return not leased and (row["paused_until"] is None or row["paused_until"] <= now)


def _has_work(connection: Connection, row: Row, head: int, now: str) -> bool:
    if connection.execute(SELECT_DUE, (row["id"], now)).fetchone() is not None:
        return True
    return row["position"] < head and _has_room(connection, row["id"])


def _has_room(connection: Connection, webhook_id: str) -> bool:
    waiting = connection.execute(SELECT_WAITING, (webhook_id, _MOST_WAITING)).fetchall()
    return len(waiting) < _MOST_WAITING


def _fill(tx: Transaction, row: Row) -> bool:
    """Make deliveries of changes that the webhook has not come to; say whether there are more."""
    if not _has_room(tx, row["id"]):
        return False
    page = audit.after(tx, row["position"], _PAGE)
    if not page:
        return False
    wanted = Wanted(row["feature_id"], msgspec.json.decode(row["types"], type=list[str]))
    deliveries.add(tx, row["id"], [change for change in page if change in wanted])
    sql = "UPDATE webhooks SET position = ? WHERE id = ?"
    tx.execute(sql, (page[-1].position, row["id"]))
    return len(page) == _PAGE


def _next(tx: Transaction, row: Row) -> Job | None:
    found = tx.execute(SELECT_DUE, (row["id"], tx.now)).fetchone()
    if found is None:
        return None
    event = _event(tx, row, found)
    return Job(
        webhook_id=row["id"],
        delivery_id=found["id"],
        attempts=found["attempts"],
        url=row["url"],
        secret=row["secret"],
        message_id=event.id,
        body=_encode(event),
    )


def _event(tx: Transaction, row: Row, delivery: Row) -> CloudEvent:
    if delivery["position"] > 0:
        return event_of(audit.after(tx, delivery["position"] - 1, 1)[0])
    return CloudEvent(
        specversion="1.0",
        id=delivery["id"],
        source="urn:quaestor:artifact-store",
        type=deliveries.PING,
        subject=row["id"],
        time=delivery["created_at"],
        datacontenttype="application/json",
        data={},
        position=0,
        actor=tx.actor,
    )


def _settle(tx: Transaction, plan: Plan, settled: Settled) -> None:
    job, answer, chance = settled
    good, attempts = answer.status in _GOOD, job.attempts + 1
    given_up = answer.status == _GONE or attempts >= plan.attempts
    asked = 0 if good else answer.retry_after or 0
    delay = 0 if good else max(retry_delay(attempts, plan.backoff_s, chance), asked)
    tx.execute(
        "UPDATE deliveries SET state = ?, attempts = ?, due_at = ?, status = ?, error = ?,"
        " updated_at = ? WHERE id = ? AND state = 'pending'",
        (
            *("delivered" if good else "dead" if given_up else "pending", attempts),
            *(later(tx.now, delay), answer.status),
            *(None if good else answer.error or f"status {answer.status}", tx.now),
            job.delivery_id,
        ),
    )
    row = webhooks.read_row(tx, job.webhook_id)
    if row is None:
        return
    failures = 0 if good else row["failures"] + 1
    pause = max(rest(failures, plan.backoff_s), asked)
    tx.execute(
        "UPDATE webhooks SET failures = ?, paused_until = ? WHERE id = ?",
        (failures, later(tx.now, pause) if pause else None, job.webhook_id),
    )
    if answer.status == _GONE and row["active"]:
        webhooks.disable(tx, job.webhook_id, row["url"], "gone")
