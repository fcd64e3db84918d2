"""Approvals: who stands for which content of an artifact."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Digest, Reply, Request, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["ApprovalEnvelope", "ApprovalListEnvelope", "ApprovalView", "CreateApproval"]


class CreateApproval(Request, frozen=True, kw_only=True):
    """Approve a content: `digest` is that of what the approver has read."""

    digest: Digest
    note: Annotated[str, Meta(max_length=2_000)] = ""


class ApprovalView(Reply, frozen=True, kw_only=True):
    """An approval of one digest of one artifact; it says nothing of any other digest.

    `withdrawn_at` and `withdrawn_by` are null while it is live. `created` is false when the
    approver had approved this digest before.
    """

    id: str
    artifact_id: str
    digest: Digest
    approver: str
    note: str
    created_at: Timestamp
    withdrawn_at: Timestamp | None = None
    withdrawn_by: str | None = None
    created: bool = True


class ApprovalEnvelope(Envelope, frozen=True, kw_only=True):
    """An approval, enveloped."""

    data: ApprovalView


class ApprovalListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of approvals, newest first."""

    data: tuple[ApprovalView, ...]
