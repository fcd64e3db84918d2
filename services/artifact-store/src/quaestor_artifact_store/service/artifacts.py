"""What can be done with artifacts and their versions."""

import asyncio
from collections.abc import Sequence

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection, Database, Transaction
from quaestor_artifact_store.domain.conditions import UNCONDITIONAL, Condition
from quaestor_artifact_store.domain.content import (
    checked_id,
    faults_of,
    read_expression,
    refuse,
)
from quaestor_artifact_store.domain.search.document import Document, document
from quaestor_artifact_store.repository import artifacts, journals, versions
from quaestor_artifact_store.repository.rows import JournalAppendRow, NewVersion, Page
from quaestor_artifact_store.service.comparisons import ComparisonService
from quaestor_artifact_store.service.incoming import take_in
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.versions import (
    ArtifactView,
    Commit,
    CommitResult,
    CreateVersion,
    VersionView,
)
from quaestor_shared.errors import VersionMismatch

__all__ = ["ArtifactService"]

_INLINE = 65_536  # bytes: a content up to this size is read for the index in about a millisecond


class ArtifactService:
    """Contents go to the blob store first, then the rows that name them are written.

    A crash in between leaves a content that nobody names, never a row without its content.
    """

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs
        self._comparisons = ComparisonService(database, blobs)

    async def create_version(
        self, request: CreateVersion, once: Once, condition: Condition = UNCONDITIONAL
    ) -> VersionView:
        """Store one content as a version.

        Raises InvalidInput, Conflict, or VersionMismatch with what a merge would give.
        """
        refuse(faults_of(request, ""))
        content, new = await self._take_in(request, "", condition)
        place = "/expected_version"
        try:
            return await once.write(
                self._database, lambda tx: artifacts.create_version(tx, new, place), VersionView
            )
        except VersionMismatch as error:
            raise await self._comparisons.explained(error, new, content) from error

    async def commit(self, request: Commit, once: Once) -> CommitResult:
        """Store contents as versions, and append events, all of it or nothing."""
        refuse(
            [f for i, one in enumerate(request.versions) for f in faults_of(one, f"/versions/{i}")]
        )
        append = _append_row(request)
        taken = [
            await self._take_in(one, f"/versions/{i}") for i, one in enumerate(request.versions)
        ]
        new = [row for _, row in taken]
        return await once.write(self._database, lambda tx: _commit(tx, new, append), CommitResult)

    async def listing(
        self, feature_id: str | None, path: str | None, page: Page
    ) -> list[ArtifactView]:
        """List artifacts by feature and path."""
        return await self._database.read(lambda c: artifacts.listing(c, feature_id, path, page))

    async def read(self, artifact_id: str) -> ArtifactView:
        """Read an artifact. Raises NotFound."""
        key = checked_id(artifact_id, "artifact")
        return await self._database.read(lambda c: artifacts.read(c, key))

    async def versions(self, artifact_id: str, before: int | None, limit: int) -> list[VersionView]:
        """List an artifact's versions, newest first. Raises NotFound."""
        key = checked_id(artifact_id, "artifact")

        def query(connection: Connection) -> list[VersionView]:
            artifacts.read(connection, key)
            return versions.listing(connection, key, before, limit)

        return await self._database.read(query)

    async def read_version(self, artifact_id: str, expression: str) -> VersionView:
        """Read the version that an expression means. Raises NotFound."""
        key, which = checked_id(artifact_id, "artifact"), read_expression(expression)
        return await self._database.read(lambda c: versions.read(c, key, which))

    async def _take_in(
        self, request: CreateVersion, place: str, condition: Condition = UNCONDITIONAL
    ) -> tuple[bytes, NewVersion]:
        content = await take_in(self._database, self._blobs, request, place)
        new = NewVersion(
            feature_id=request.feature_id,
            path=request.path,
            digest=content.digest,
            size=content.size,
            media_type=request.media_type,
            if_exists=request.if_exists,
            label=request.label,
            expected_version=request.expected_version,
            session_id=request.session_id,
            script_version=request.script_version,
            condition=condition,
            uploaded=content.uploaded,
            document=await _document(request, content.read),
        )
        return content.read, new


async def _document(request: CreateVersion, content: bytes) -> Document:
    where = {"feature_id": request.feature_id, "path": request.path}
    if len(content) <= _INLINE:
        return document(content, media_type=request.media_type, **where)
    return await asyncio.to_thread(document, content, media_type=request.media_type, **where)


def _commit(
    tx: Transaction, new: Sequence[NewVersion], append: JournalAppendRow | None
) -> CommitResult:
    version = journals.append(tx, append) if append is not None else None
    written = [
        artifacts.create_version(tx, one, f"/versions/{index}/expected_version")
        for index, one in enumerate(new)
    ]
    return CommitResult(versions=tuple(written), journal_version=version)


def _append_row(request: Commit) -> JournalAppendRow | None:
    if request.journal is None:
        return None
    return JournalAppendRow(
        journal_id=checked_id(request.journal.id, "journal"),
        expected_version=request.journal.expected_version,
        events=request.journal.events,
    )
