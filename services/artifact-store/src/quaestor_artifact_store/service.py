"""What can be done with artifacts and journals, one use case a method."""

from collections.abc import Sequence

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.domain.content import (
    content_of,
    digest_of,
    faults_of,
    read_expression,
    refuse,
)
from quaestor_artifact_store.repository import (
    BlobRow,
    JournalAppendRow,
    NewVersion,
    Page,
    Repository,
)
from quaestor_shared.contracts.journals import (
    AppendEvents,
    CreateJournal,
    JournalSummary,
    JournalView,
)
from quaestor_shared.contracts.versions import (
    ArtifactView,
    Commit,
    CommitResult,
    CreateVersion,
    JournalAppend,
    VersionView,
)
from quaestor_shared.errors import NotFound, Unavailable
from quaestor_shared.ids import is_uuid
from quaestor_shared.telemetry.context import principal
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["StoreService"]

_log = get_logger(__name__)


class StoreService:
    """Contents go to the blob store first, then the rows that name them are written.

    A crash in between leaves a content that nobody names, never a row without its content.
    """

    def __init__(self, repository: Repository, blobs: BlobStore) -> None:
        self._repository = repository
        self._blobs = blobs

    async def create_journal(self, request: CreateJournal) -> JournalView:
        """Open a journal. Raises Conflict when a live one has the key."""
        return await self._repository.create_journal(
            request.key, request.feature_id, request.events
        )

    async def append(self, journal_id: str, request: AppendEvents) -> JournalView:
        """Append events and give just those. Raises NotFound, VersionMismatch."""
        return await self._repository.append(
            JournalAppendRow(
                journal_id=_uuid(journal_id, "journal"),
                expected_version=request.expected_version,
                events=request.events,
            )
        )

    async def read_journal(self, journal_id: str, after: int, limit: int) -> JournalView:
        """Read events after a position. Raises NotFound."""
        return await self._repository.read_journal(_uuid(journal_id, "journal"), after, limit)

    async def list_journals(
        self, kind: str, feature_id: str | None, page: Page
    ) -> list[JournalSummary]:
        """List the live journals of a kind, newest first."""
        return await self._repository.list_journals(kind, feature_id, page)

    async def delete_journal(self, journal_id: str, expected: int | None) -> JournalSummary:
        """Delete a journal softly. Raises NotFound, VersionMismatch."""
        return await self._repository.delete_journal(_uuid(journal_id, "journal"), expected)

    async def create_version(self, request: CreateVersion) -> VersionView:
        """Store one content as a version. Raises InvalidInput, Conflict, VersionMismatch."""
        refuse(faults_of(request, ""))
        (version,), _ = await self._store([request], None)
        return version

    async def commit(self, request: Commit) -> CommitResult:
        """Store contents as versions, and append events, all of it or nothing."""
        refuse(
            [f for i, one in enumerate(request.versions) for f in faults_of(one, f"/versions/{i}")]
        )
        append = _append_row(request.journal) if request.journal is not None else None
        versions, journal_version = await self._store(request.versions, append)
        return CommitResult(versions=tuple(versions), journal_version=journal_version)

    async def list_artifacts(
        self, feature_id: str | None, path: str | None, page: Page
    ) -> list[ArtifactView]:
        """List artifacts by feature and path."""
        return await self._repository.list_artifacts(feature_id, path, page)

    async def read_artifact(self, artifact_id: str) -> ArtifactView:
        """Read an artifact. Raises NotFound."""
        return await self._repository.read_artifact(_uuid(artifact_id, "artifact"))

    async def list_versions(
        self, artifact_id: str, before: int | None, limit: int
    ) -> list[VersionView]:
        """List an artifact's versions, newest first. Raises NotFound."""
        return await self._repository.list_versions(_uuid(artifact_id, "artifact"), before, limit)

    async def read_version(self, artifact_id: str, expression: str) -> VersionView:
        """Read the version that an expression means. Raises NotFound."""
        return await self._repository.read_version(
            _uuid(artifact_id, "artifact"), read_expression(expression)
        )

    async def content(self, digest: str) -> bytes:
        """Give a content that a row names. Raises Unavailable for a damaged or missing one."""
        try:
            return await self._blobs.get(digest)
        except NotFound as error:
            # Not the caller's mistake: what was acknowledged is gone, and someone has to know.
            _log.error("blob missing", digest=digest)
            message = "The stored content is missing and cannot be served."
            raise Unavailable(message, retry_after=3600) from error

    async def read_blob(self, digest: str) -> BlobRow:
        """Give what is known of a content that some version names. Raises NotFound."""
        found = await self._repository.find_blob(digest)
        if found is None:
            raise NotFound("There is no content with this digest.")
        return found

    async def _store(
        self, requests: Sequence[CreateVersion], append: JournalAppendRow | None
    ) -> tuple[list[VersionView], int | None]:
        author = principal.get()
        new = []
        for request in requests:
            content = content_of(request)
            digest = digest_of(content)
            await self._blobs.put(digest, content)
            new.append(_new_version(request, digest, len(content), author))
        return await self._repository.commit(new, append)


def _new_version(request: CreateVersion, digest: str, size: int, author: str) -> NewVersion:
    return NewVersion(
        feature_id=request.feature_id,
        path=request.path,
        digest=digest,
        size=size,
        media_type=request.media_type,
        author=author,
        if_exists=request.if_exists,
        label=request.label,
        expected_version=request.expected_version,
        session_id=request.session_id,
        script_version=request.script_version,
    )


def _append_row(append: JournalAppend) -> JournalAppendRow:
    return JournalAppendRow(
        journal_id=_uuid(append.id, "journal"),
        expected_version=append.expected_version,
        events=append.events,
    )


def _uuid(text: str, what: str) -> str:
    if not is_uuid(text):
        raise NotFound(f"There is no {what} with this id.")
    return text
