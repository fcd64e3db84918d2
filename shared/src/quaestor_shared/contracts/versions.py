"""Artifacts and their immutable versions, as artifact-store keeps them."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import (
    Digest,
    FeatureId,
    Reply,
    Request,
    ShortText,
    Timestamp,
)
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.journals import AppendEvents

__all__ = [
    "ArtifactEnvelope",
    "ArtifactListEnvelope",
    "ArtifactPath",
    "ArtifactPurge",
    "ArtifactPurgeEnvelope",
    "ArtifactState",
    "ArtifactView",
    "Commit",
    "CommitEnvelope",
    "CommitResult",
    "CreateVersion",
    "FileTarget",
    "IfExists",
    "JournalAppend",
    "Label",
    "MediaType",
    "VersionEnvelope",
    "VersionListEnvelope",
    "VersionState",
    "VersionView",
]

ArtifactPath = Annotated[
    str,
    Meta(
        pattern=r"^[^/\\\x00-\x1f\x7f]+(/[^/\\\x00-\x1f\x7f]+)*\Z",
        max_length=500,
        description="A relative path with `/` between segments, none of them empty, `.` or `..`.",
        examples=["design/backend.json"],
    ),
]
MediaType = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.+-]+/[A-Za-z0-9_.+-]+(; ?[A-Za-z0-9_.+-]+=[A-Za-z0-9_.+-]+)*\Z",
        max_length=200,
    ),
]
Label = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*\Z", max_length=100)]


class IfExists(StrEnum):
    """What a write does when the artifact is there already.

    `fail` answers 409, `new_version` always adds one, `find_or_new_version` gives the latest
    version back when its content and media type are the same, and it has the label that is asked
    for, if any is.
    """

    FAIL = "fail"
    NEW_VERSION = "new_version"
    FIND_OR_NEW_VERSION = "find_or_new_version"


class VersionState(StrEnum):
    """Whether somebody has approved what a version contains."""

    GENERATED = "generated"
    APPROVED = "approved"


class ArtifactState(StrEnum):
    """That of the latest version, or that the artifact is deleted."""

    GENERATED = "generated"
    APPROVED = "approved"
    DELETED = "deleted"


class CreateVersion(Request, frozen=True, kw_only=True):
    """Content for a path: `text` (stored as UTF-8), `base64`, or the `digest` of an upload.

    `expected_version` makes the write conditional: it is the number of the latest version the
    writer saw, 0 for none.
    """

    feature_id: FeatureId
    path: ArtifactPath
    media_type: MediaType
    text: str | None = None
    base64: bytes | None = None
    digest: Digest | None = None
    label: Label | None = None
    if_exists: IfExists = IfExists.FIND_OR_NEW_VERSION
    expected_version: Annotated[int, Meta(ge=0)] | None = None
    session_id: ShortText | None = None
    script_version: ShortText | None = None


class FileTarget(Request, frozen=True, kw_only=True):
    """Where a file goes that is sent as it is."""

    feature_id: FeatureId
    path: ArtifactPath
    media_type: MediaType
    label: Label | None = None


class JournalAppend(AppendEvents, frozen=True, kw_only=True):
    """Events that belong to the same transaction."""

    id: ShortText


class Commit(Request, frozen=True, kw_only=True):
    """Versions, and the events that tell of them, in one transaction: all of it or nothing."""

    versions: Annotated[tuple[CreateVersion, ...], Meta(min_length=1, max_length=100)]
    journal: JournalAppend | None = None


class VersionView(Reply, frozen=True, kw_only=True):
    """A version. `number` counts from 1 and never comes back; `created` is false when found.

    `approvals` counts the live approvals of its digest for this artifact; `state` is `approved`
    while there are any, and only then.
    """

    id: str
    artifact_id: str
    feature_id: str
    path: str
    number: int
    digest: Digest
    size: int
    media_type: str
    author: str
    created_at: Timestamp
    label: str | None = None
    session_id: str | None = None
    script_version: str | None = None
    created: bool = True
    state: VersionState = VersionState.GENERATED
    approvals: int = 0


class ArtifactView(Reply, frozen=True, kw_only=True):
    """An artifact and its latest version; `deleted_at` is null while it is live."""

    id: str
    feature_id: str
    path: str
    created_at: Timestamp
    updated_at: Timestamp
    latest: VersionView
    state: ArtifactState = ArtifactState.GENERATED
    deleted_at: Timestamp | None = None


class ArtifactPurge(Reply, frozen=True, kw_only=True):
    """What a purge removed for good, counted. The id and the numbers up to `last` stay taken."""

    id: str
    feature_id: str
    path: str
    purged_at: Timestamp
    last: int
    versions: int
    approvals: int


class CommitResult(Reply, frozen=True, kw_only=True):
    """The versions in the order they were sent, and where the journal stands now."""

    versions: tuple[VersionView, ...]
    journal_version: int | None = None


class VersionEnvelope(Envelope, frozen=True, kw_only=True):
    """A version, enveloped."""

    data: VersionView


class VersionListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of versions."""

    data: tuple[VersionView, ...]


class ArtifactEnvelope(Envelope, frozen=True, kw_only=True):
    """An artifact, enveloped."""

    data: ArtifactView


class ArtifactListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of artifacts."""

    data: tuple[ArtifactView, ...]


class ArtifactPurgeEnvelope(Envelope, frozen=True, kw_only=True):
    """A purge of an artifact, enveloped."""

    data: ArtifactPurge


class CommitEnvelope(Envelope, frozen=True, kw_only=True):
    """A commit's result, enveloped."""

    data: CommitResult
