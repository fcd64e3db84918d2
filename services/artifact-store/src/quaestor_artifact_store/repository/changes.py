"""The changes: one row for everything that was written, in the transaction that wrote it.

It is the audit's entry, chained to the one before, and the event that subscribers get. Writers
come one after the other, so positions have no gaps and appear in their order.
"""

import msgspec

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.domain.chain import GENESIS, link
from quaestor_shared.ids import new_id

__all__ = ["head", "record"]

_encode = msgspec.json.Encoder(order="deterministic").encode
# The condition is always true; it lets the plan be a search, as every plan here is.
HEAD = "SELECT position, hash FROM changes WHERE position > 0 ORDER BY position DESC LIMIT 1"
_INSERT = "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def head(connection: Connection) -> tuple[int, str]:
    """Give the position and the hash of the newest change; 0 and zeros where there is none."""
    row = connection.execute(HEAD).fetchone()
    return (0, GENESIS) if row is None else (row["position"], row["hash"])


def record(
    tx: Transaction,
    kind: str,
    *,
    feature: str | None,
    subject: str,
    data: dict[str, str | int | None],
) -> int:
    """Write that something changed, and give the change's position.

    `kind` names what happened (`version.created`), `feature` is the key of the feature's row,
    `subject` the id of what changed, and `data` what a subscriber wants to know without asking:
    facts, no content and no secret.
    """
    last, previous = head(tx)
    position, key, told = last + 1, new_id(), _encode(data).decode()
    said: dict[str, str | int | None] = {
        "position": position,
        "id": key,
        "type": kind,
        "feature_id": feature,
        "subject": subject,
        "actor": tx.actor,
        "correlation_id": tx.correlation_id,
        "data": told,
        "created_at": tx.now,
    }
    hashed = link(previous, said)
    row = (position, key, kind, feature, subject, tx.actor, tx.correlation_id, told, tx.now)
    tx.execute(_INSERT, (*row, previous, hashed))
    return position
