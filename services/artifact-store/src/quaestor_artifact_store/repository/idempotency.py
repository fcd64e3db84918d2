"""Idempotency keys: which request came with one, and the reply that it was given."""

from typing import NamedTuple

from quaestor_artifact_store.database import Connection, Transaction
from quaestor_shared.clock import later

__all__ = ["KeptReply", "KeyScope", "find", "forget_expired", "keep"]

# One request of a client whose reply is kept. A row whose time has come counts for nothing, also
# while it is still there.
SELECT_REPLY = (
    "SELECT fingerprint, reply FROM idempotency_keys"
    " WHERE principal = ? AND method = ? AND route = ? AND key = ? AND expires_at > ?"
)
SELECT_EXPIRED = (
    "SELECT principal, method, route, key FROM idempotency_keys"
    " WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"
)
_KEEP = (
    "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (principal, method, route, key) DO UPDATE SET"
    " fingerprint = excluded.fingerprint, reply = excluded.reply,"
    " created_at = excluded.created_at, expires_at = excluded.expires_at"
)
_FORGET = "DELETE FROM idempotency_keys WHERE (principal, method, route, key) IN"


class KeyScope(NamedTuple):
    """Within what a key is one: who sent it, with which method, to which path."""

    principal: str
    method: str
    route: str
    key: str


class KeptReply(NamedTuple):
    """What is kept of a request: its fingerprint, and its reply's data as JSON."""

    fingerprint: str
    reply: str


def find(connection: Connection, scope: KeyScope, now: str) -> KeptReply | None:
    """Give what is kept under a key, or None."""
    row = connection.execute(SELECT_REPLY, (*scope, now)).fetchone()
    return None if row is None else KeptReply(row["fingerprint"], row["reply"])


def keep(tx: Transaction, scope: KeyScope, kept: KeptReply, hours: int) -> None:
    """Keep a reply for some hours."""
    tx.execute(_KEEP, (*scope, *kept, tx.now, later(tx.now, hours * 3600)))


def forget_expired(tx: Transaction, limit: int) -> int:
    """Remove replies whose time has come, at most so many, and give how many that were."""
    done = tx.execute(f"{_FORGET} ({SELECT_EXPIRED})", (tx.now, limit))
    return done.rowcount
