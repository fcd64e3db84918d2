"""The audit: every change, chained by hash, and whether the chain holds."""

from typing import Any

from quaestor_shared.contracts.base import Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = [
    "AuditEntry",
    "AuditEnvelope",
    "AuditFault",
    "AuditHead",
    "AuditReport",
    "AuditReportEnvelope",
]


class AuditEntry(Reply, frozen=True, kw_only=True):
    """One change: what happened (`type`), to what (`subject`, an id), by whom, in which request.

    Positions count from 1 without gaps. `hash` is the SHA-256 of `previous_hash`, a line feed, and
    the other columns as JSON with sorted names.
    """

    position: int
    id: str
    type: str
    feature_id: str | None
    subject: str
    actor: str
    correlation_id: str | None
    data: dict[str, Any]
    created_at: Timestamp
    previous_hash: str
    hash: str


class AuditHead(Reply, frozen=True, kw_only=True):
    """The newest change. Kept elsewhere, it shows later that nothing before it was altered."""

    position: int
    hash: str


class AuditFault(Reply, frozen=True, kw_only=True):
    """The first place where the chain does not hold.

    `reason` is `altered` (the entry's hash is not that of what it says), `unlinked` (it names
    another hash before it than there is), `missing` (there is no entry at the position), or
    `other_head` (there was another hash at the position once).
    """

    position: int
    reason: str
    expected: str | None
    found: str | None


class AuditReport(Reply, frozen=True, kw_only=True):
    """What was found in the entries after `after`, up to and with `to`.

    `complete` says that `to` is the newest entry; until then `meta.pagination.next` goes on.
    """

    intact: bool
    complete: bool
    after: int
    to: int
    head: AuditHead
    fault: AuditFault | None = None


class AuditEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of changes."""

    data: tuple[AuditEntry, ...]


class AuditReportEnvelope(Envelope, frozen=True, kw_only=True):
    """What a check of the chain found."""

    data: AuditReport
