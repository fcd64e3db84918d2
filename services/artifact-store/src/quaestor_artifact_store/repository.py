"""What is kept of features, artifacts, versions and journals: the port.

`sqlite.repository` is its adapter. Every method may raise Unavailable when the database does not
answer, and with the code STORAGE_FULL when its disk is full; then nothing was written.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from quaestor_artifact_store.domain.content import Expression
from quaestor_shared.contracts.journals import EventInput, JournalSummary, JournalView
from quaestor_shared.contracts.versions import ArtifactView, IfExists, VersionView

__all__ = ["BlobRow", "JournalAppendRow", "NewVersion", "Page", "Repository"]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page to read: up to `limit` rows after the sort key `after`."""

    limit: int
    after: tuple[str, ...] | None = None


class BlobRow(msgspec.Struct, frozen=True, kw_only=True):
    """A content that some version names: its size in bytes, and its first media type."""

    size: int
    media_type: str


class NewVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version to write, its content already in the blob store."""

    feature_id: str
    path: str
    digest: str
    size: int
    media_type: str
    author: str
    if_exists: IfExists
    label: str | None = None
    expected_version: int | None = None
    session_id: str | None = None
    script_version: str | None = None


class JournalAppendRow(msgspec.Struct, frozen=True, kw_only=True):
    """Events to append to a journal that stands at `expected_version`."""

    journal_id: str
    expected_version: int
    events: Sequence[EventInput]


class Repository(Protocol):
    """Keeps the metadata. Writes are durable when they return."""

    async def create_journal(
        self, key: str, feature_id: str, events: Sequence[EventInput]
    ) -> JournalView:
        """Open a journal. Raises Conflict with `existing_id` when a live one has the key."""

    async def append(self, append: JournalAppendRow) -> JournalView:
        """Append events. Raises NotFound, VersionMismatch with `current_version`."""

    async def read_journal(self, journal_id: str, after: int, limit: int) -> JournalView:
        """Read events after a position. Raises NotFound."""

    async def list_journals(
        self, kind: str, feature_id: str | None, page: Page
    ) -> list[JournalSummary]:
        """List the live journals whose key starts with `kind:`, newest first, keyed by id."""

    async def delete_journal(self, journal_id: str, expected: int | None) -> JournalSummary:
        """Delete a journal softly. Raises NotFound, VersionMismatch."""

    async def commit(
        self, versions: Sequence[NewVersion], append: JournalAppendRow | None
    ) -> tuple[list[VersionView], int | None]:
        """Write versions and events in one transaction; give the journal's version too.

        Raises Conflict, NotFound or VersionMismatch, and then writes nothing.
        """

    async def list_artifacts(
        self, feature_id: str | None, path: str | None, page: Page
    ) -> list[ArtifactView]:
        """List artifacts by feature and path, keyed by both."""

    async def read_artifact(self, artifact_id: str) -> ArtifactView:
        """Read an artifact. Raises NotFound."""

    async def list_versions(
        self, artifact_id: str, before: int | None, limit: int
    ) -> list[VersionView]:
        """List the versions of an artifact, newest first, below a number. Raises NotFound."""

    async def read_version(self, artifact_id: str, which: Expression) -> VersionView:
        """Read one version. Raises NotFound."""

    async def find_blob(self, digest: str) -> BlobRow | None:
        """Give what is known of a content, or None."""

    async def check(self) -> None:
        """Raise Unavailable when the database does not answer."""
