"""What is written: versions, one at a time, in batches, and with the events that tell of them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.domain.conditions import UNCONDITIONAL, Condition
from quaestor_artifact_store.domain.content import (
    checked_id,
    faults_of,
    refuse,
)
from quaestor_artifact_store.domain.search.document import Document, document
from quaestor_artifact_store.repository import artifacts, journals
from quaestor_artifact_store.repository.blobs import ContentRemoved
from quaestor_artifact_store.repository.rows import JournalAppendRow, NewVersion
from quaestor_artifact_store.service.comparisons import ComparisonService
from quaestor_artifact_store.service.incoming import take_in
from quaestor_artifact_store.service.once import Once
from quaestor_artifact_store.service.putting import putting_again
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.version_batches import CreateBatch, VersionBatch, VersionBatchItem
from quaestor_shared.contracts.versions import Commit, CommitResult, CreateVersion, VersionView
from quaestor_shared.errors import InvalidInput, QuaestorError, VersionMismatch

__all__ = ["CreationService"]

T = TypeVar("T")
_INLINE = 65_536  # bytes: a content up to this size is read for the index in about a millisecond


class CreationService:
    """Contents go to the blob store first, then the rows that name them are written.

    A crash in between leaves a content that nobody names, never a row without its content. A dry
    run does the same and takes it back, and keeps no content: its result is what would come of
    the same request now, but for ids, which are made anew each time.
    """

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs
        self._comparisons = ComparisonService(database, blobs)

    @putting_again
    async def create_version(
        self,
        request: CreateVersion,
        once: Once,
        condition: Condition = UNCONDITIONAL,
        *,
        dry_run: bool = False,
    ) -> VersionView:
        """Store one content as a version.

        Raises InvalidInput, Conflict, or VersionMismatch with what a merge would give.
        """
        refuse(faults_of(request, ""))
        if (kept := await self._kept(VersionView, once, dry_run=dry_run)) is not None:
            return kept
        content, new = await self._take_in(request, "", condition, dry_run=dry_run)
        try:
            return await self._write(
                lambda tx: artifacts.create_version(tx, new, ""), VersionView, once, dry_run=dry_run
            )
        except VersionMismatch as error:
            raise await self._comparisons.explained(error, new, content) from error

    @putting_again
    async def commit(self, request: Commit, once: Once, *, dry_run: bool = False) -> CommitResult:
        """Store contents as versions, and append events, all of it or nothing."""
        refuse(_all_faults(request.versions))
        append = _append_row(request)
        if (kept := await self._kept(CommitResult, once, dry_run=dry_run)) is not None:
            return kept
        new = await self._take_all(request.versions, dry_run=dry_run)
        return await self._write(
            lambda tx: _commit(tx, new, append), CommitResult, once, dry_run=dry_run
        )

    @putting_again
    async def create_batch(
        self, request: CreateBatch, once: Once, *, dry_run: bool = False
    ) -> VersionBatch:
        """Store contents as versions in one transaction: all or none, or each that can be.

        Raises, when all or none, what the first that cannot be stored is refused for.
        """
        if (kept := await self._kept(VersionBatch, once, dry_run=dry_run)) is not None:
            return kept
        if request.atomic:
            refuse(_all_faults(request.versions))
            whole = await self._take_all(request.versions, dry_run=dry_run)
            return await self._write(
                lambda tx: _result(_created, tx, whole), VersionBatch, once, dry_run=dry_run
            )
        each = await asyncio.gather(
            *(self._prepared(one, at, dry_run=dry_run) for at, one in _placed(request.versions))
        )
        return await self._write(
            lambda tx: _result(_attempted, tx, each), VersionBatch, once, dry_run=dry_run
        )

    async def _kept(self, kind: type[T], once: Once, *, dry_run: bool) -> T | None:
        """Give the result that the request had before: what it names may be gone by now."""
        return None if dry_run else await once.kept(self._database, kind)

    async def _write(
        self, operation: Callable[[Transaction], T], kind: type[T], once: Once, *, dry_run: bool
    ) -> T:
        if dry_run:
            return await self._database.write(lambda tx: tx.nested(operation, keep=False))
        return await once.write(self._database, operation, kind)

    async def _prepared(
        self, request: CreateVersion, place: str, *, dry_run: bool
    ) -> NewVersion | InvalidInput:
        try:
            refuse(faults_of(request, place))
            return (await self._take_in(request, place, dry_run=dry_run))[1]
        except InvalidInput as error:
            return error

    async def _take_all(
        self, requests: Sequence[CreateVersion], *, dry_run: bool
    ) -> list[NewVersion]:
        taken = await asyncio.gather(
            *(self._take_in(one, place, dry_run=dry_run) for place, one in _placed(requests))
        )
        return [new for _, new in taken]

    async def _take_in(
        self,
        request: CreateVersion,
        place: str,
        condition: Condition = UNCONDITIONAL,
        *,
        dry_run: bool,
    ) -> tuple[bytes, NewVersion]:
        content = await take_in(self._database, self._blobs, request, place, dry_run=dry_run)
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


def _placed(versions: Sequence[T]) -> list[tuple[str, T]]:
    """Give each of a request's versions with its place there, a JSON Pointer."""
    return [(f"/versions/{index}", one) for index, one in enumerate(versions)]


def _all_faults(versions: Sequence[CreateVersion]) -> list[ErrorDetail]:
    return [fault for place, one in _placed(versions) for fault in faults_of(one, place)]


def _result(
    write: Callable[[Transaction, T, str], VersionBatchItem], tx: Transaction, versions: Sequence[T]
) -> VersionBatch:
    return VersionBatch(items=tuple(write(tx, one, place) for place, one in _placed(versions)))


def _created(tx: Transaction, new: NewVersion, place: str) -> VersionBatchItem:
    version = artifacts.create_version(tx, new, place)
    return VersionBatchItem(status=201 if version.created else 200, version=version)


def _attempted(tx: Transaction, new: NewVersion | InvalidInput, place: str) -> VersionBatchItem:
    try:
        if isinstance(new, InvalidInput):
            raise new
        return tx.nested(lambda tx: _created(tx, new, place))
    except ContentRemoved:
        raise
    except QuaestorError as error:
        said = error.envelope(tx.correlation_id).error
        return VersionBatchItem(status=error.status_code, error=said)


def _commit(
    tx: Transaction, new: Sequence[NewVersion], append: JournalAppendRow | None
) -> CommitResult:
    version = journals.append(tx, append) if append is not None else None
    written = [artifacts.create_version(tx, one, place) for place, one in _placed(new)]
    return CommitResult(versions=tuple(written), journal_version=version)


def _append_row(request: Commit) -> JournalAppendRow | None:
    if request.journal is None:
        return None
    return JournalAppendRow(
        journal_id=checked_id(request.journal.id, "journal"),
        expected_version=request.journal.expected_version,
        events=request.journal.events,
    )
