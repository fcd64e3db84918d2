"""The changes: one row for everything that was written, in the transaction that wrote it.

It is the audit's entry, chained to the one before, and the event that subscribers get. Writers
come one after the other, so positions have no gaps, appear in their order, and times follow them.
"""

from collections.abc import Mapping

import msgspec

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_artifact_store.domain.chain import START, Link, link
from quaestor_artifact_store.domain.reserved import check_open
from quaestor_shared.ids import new_id

__all__ = ["head", "record"]

_encode = msgspec.json.Encoder(order="deterministic").encode
# The condition is always true; it lets the plan be a search, as every plan here is.
HEAD = (
    "SELECT position, hash, created_at FROM changes WHERE position > 0"
    " ORDER BY position DESC LIMIT 1"
)
# What is written to features by their keys; `features.feature_key` has looked at the others' names.
_BY_KEY = ("approval.", "artifact.", "checkpoint.", "feature.")
SLUG = "SELECT slug FROM features WHERE id = ?"
_INSERT = "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def head(connection: Connection) -> Link:
    """Give the position and the hash of the newest change; 0 and zeros where there is none."""
    row = connection.execute(HEAD).fetchone()
    return START if row is None else Link(row["position"], row["hash"])


def record(
    tx: Transaction,
    kind: str,
    *,
    feature: str | None,
    subject: str,
    data: Mapping[str, str | int | None],
) -> int:
    """Write that something changed, and give the change's position.

    `kind` names what happened (`version.created`), `feature` is the key of the feature's row,
    `subject` the id of what changed, and `data` what a subscriber wants to know without asking:
    facts, no content and no secret. Raises that the feature is reserved (403).
    """
    if feature is not None and kind.startswith(_BY_KEY):
        named = tx.execute(SLUG, (feature,)).fetchone()
        check_open("" if named is None else named["slug"], tx.actor)
    newest = tx.execute(HEAD).fetchone()
    last, previous = START if newest is None else (newest["position"], newest["hash"])
    position, key, told = last + 1, new_id(), _encode(data).decode()
    # Set back, a clock would bring times out of the order of positions, which searches rely on.
    at = tx.now if newest is None else max(tx.now, newest["created_at"])
    said: dict[str, str | int | None] = {
        "position": position,
        "id": key,
        "type": kind,
        "feature_id": feature,
        "subject": subject,
        "actor": tx.actor,
        "correlation_id": tx.correlation_id,
        "data": told,
        "created_at": at,
    }
    hashed = link(previous, said)
    row = (position, key, kind, feature, subject, tx.actor, tx.correlation_id, told, at)
    tx.execute(_INSERT, (*row, previous, hashed))
    return position
