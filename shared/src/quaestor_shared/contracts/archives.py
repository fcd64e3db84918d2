"""A feature in one file: what the manifest of an archive says, and what an import answers."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from quaestor_shared.contracts.base import (
    Digest,
    FeatureId,
    Reply,
    Request,
    ShortText,
    Text,
    Timestamp,
)
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.versions import ArtifactPath, Label, MediaType

__all__ = [
    "Archive",
    "ArchivedApproval",
    "ArchivedArtifact",
    "ArchivedEvent",
    "ArchivedJournal",
    "ArchivedVersion",
    "ImportEnvelope",
    "ImportView",
]

# Fifteen digits, as an address names a version.
Number = Annotated[int, Meta(ge=1, le=999_999_999_999_999)]
Count = Annotated[int, Meta(ge=0, le=2**53)]


class ArchivedVersion(Request, frozen=True, kw_only=True):
    """A version; its content stands in the archive under its digest."""

    number: Number
    digest: Digest
    size: Count
    media_type: MediaType
    author: ShortText
    created_at: Timestamp
    label: Label | None = None
    session_id: ShortText | None = None
    script_version: ShortText | None = None


class ArchivedApproval(Request, frozen=True, kw_only=True):
    """A live approval of a digest."""

    digest: Digest
    approver: ShortText
    note: Text
    created_at: Timestamp


class ArchivedArtifact(Request, frozen=True, kw_only=True):
    """An artifact with its versions in rising order."""

    id: ShortText
    path: ArtifactPath
    created_at: Timestamp
    updated_at: Timestamp
    versions: Annotated[tuple[ArchivedVersion, ...], Meta(min_length=1)]
    approvals: tuple[ArchivedApproval, ...] = ()


class ArchivedEvent(Request, frozen=True, kw_only=True):
    """An event of a journal; its position is its place in the list."""

    type: ShortText
    data: dict[str, Any]
    at: Timestamp


class ArchivedJournal(Request, frozen=True, kw_only=True):
    """A live journal with all its events."""

    id: ShortText
    key: ShortText
    created_at: Timestamp
    updated_at: Timestamp
    events: tuple[ArchivedEvent, ...] = ()


class Archive(Request, frozen=True, kw_only=True):
    """The manifest, `manifest.json`: everything of a feature but the contents.

    Each content is a member `blobs/sha256/<first two digits>/<all 64 digits>`.
    """

    format: Literal["quaestor-feature/1"]
    feature_id: FeatureId
    exported_at: Timestamp
    artifacts: tuple[ArchivedArtifact, ...]
    journals: tuple[ArchivedJournal, ...] = ()


class ImportView(Reply, frozen=True, kw_only=True):
    """What an import wrote. `ids` gives for each id of the archive the one that it has here."""

    feature_id: str
    artifacts: int
    versions: int
    contents: int
    journals: int
    ids: dict[str, str]


class ImportEnvelope(Envelope, frozen=True, kw_only=True):
    """What an import wrote, enveloped."""

    data: ImportView
