"""The reply that a write was given, kept under its `Idempotency-Key`."""

from typing import Any

from quaestor_shared.contracts.base import Reply
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["KeptReply", "KeptReplyEnvelope"]


class KeptReply(Reply, frozen=True, kw_only=True):
    """The `data` of a reply that was given before, whatever that route answers with."""

    reply: dict[str, Any]


class KeptReplyEnvelope(Envelope, frozen=True, kw_only=True):
    """A kept reply, enveloped."""

    data: KeptReply
