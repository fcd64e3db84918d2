"""Checkpoints: which version each artifact of a feature had, to go back to."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Digest, Reply, Request, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = [
    "CheckpointEnvelope",
    "CheckpointItem",
    "CheckpointListEnvelope",
    "CheckpointName",
    "CheckpointView",
    "CreateCheckpoint",
    "Others",
    "Restoration",
    "RestorationEnvelope",
    "RestoreAction",
    "RestoreCheckpoint",
    "RestoredItem",
]

CheckpointName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:+-]*\Z",
        max_length=100,
        description="Letters, digits and `._:+-`, a letter or digit first.",
        examples=["before-review"],
    ),
]


class CreateCheckpoint(Request, frozen=True, kw_only=True):
    """Remember where a feature stands, under a name that no other checkpoint of it has."""

    name: CheckpointName
    note: Annotated[str, Meta(max_length=2_000)] = ""


class CheckpointItem(Reply, frozen=True, kw_only=True):
    """An artifact, and the version that was its latest."""

    artifact_id: str
    path: str
    number: int
    digest: Digest | None


class CheckpointView(Reply, frozen=True, kw_only=True):
    """A checkpoint. `items` only where one is asked for; `digest` is null for what was purged."""

    feature_id: str
    name: str
    note: str
    author: str
    created_at: Timestamp
    artifacts: int
    items: tuple[CheckpointItem, ...] | None = None


class Others(StrEnum):
    """What becomes of artifacts that were not there at the checkpoint."""

    KEEP = "keep"
    DELETE = "delete"


class RestoreCheckpoint(Request, frozen=True, kw_only=True):
    """Go back to a checkpoint."""

    others: Others = Others.KEEP


class RestoreAction(StrEnum):
    """What a restoration did to an artifact.

    `gone` was purged and cannot come back; `taken` is deleted, and its path has another artifact.
    """

    UNCHANGED = "unchanged"
    NEW_VERSION = "new_version"
    RESTORED = "restored"
    DELETED = "deleted"
    GONE = "gone"
    TAKEN = "taken"


class RestoredItem(Reply, frozen=True, kw_only=True):
    """An artifact, what was done to it, and the number of its latest version now."""

    artifact_id: str
    path: str
    action: RestoreAction
    number: int | None = None


class Restoration(Reply, frozen=True, kw_only=True):
    """What going back did, and the checkpoint of what was there before, to undo it."""

    feature_id: str
    name: str
    undo: str
    items: tuple[RestoredItem, ...]


class CheckpointEnvelope(Envelope, frozen=True, kw_only=True):
    """A checkpoint, enveloped."""

    data: CheckpointView


class CheckpointListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of checkpoints, newest first."""

    data: tuple[CheckpointView, ...]


class RestorationEnvelope(Envelope, frozen=True, kw_only=True):
    """What a restoration did, enveloped."""

    data: Restoration
