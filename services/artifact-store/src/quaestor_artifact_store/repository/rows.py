"""What the repository takes and gives beside the contracts."""

from collections.abc import Sequence

import msgspec

from quaestor_artifact_store.domain.conditions import UNCONDITIONAL, Condition
from quaestor_artifact_store.domain.search.document import Document
from quaestor_artifact_store.domain.search.facets import EVERYTHING
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.versions import IfExists

__all__ = ["ArtifactRow", "BlobRow", "JournalAppendRow", "NewVersion", "Page"]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page to read: up to `limit` rows after the sort key `after`."""

    limit: int
    after: tuple[str, ...] | None = None


class ArtifactRow(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact's row with what it needs of its feature's; `feature_id` is that row's key."""

    id: str
    feature_id: str
    slug: str
    path: str
    latest: int
    deleted_at: str | None
    purged_at: str | None
    feature_deleted_at: str | None


class BlobRow(msgspec.Struct, frozen=True, kw_only=True):
    """A content that was acknowledged: its size in bytes, and its first media type."""

    size: int
    media_type: str


class NewVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version to write, its content already in the blob store, maybe `uploaded` before."""

    feature_id: str
    path: str
    digest: str
    size: int
    media_type: str
    if_exists: IfExists
    label: str | None = None
    expected_version: int | None = None
    session_id: str | None = None
    script_version: str | None = None
    condition: Condition = UNCONDITIONAL
    uploaded: bool = False
    document: Document = Document(words="", facets=EVERYTHING)


class JournalAppendRow(msgspec.Struct, frozen=True, kw_only=True):
    """Events to append to a journal that stands at `expected_version`."""

    journal_id: str
    expected_version: int
    events: Sequence[EventInput]
