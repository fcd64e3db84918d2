"""What can be done with journals."""

from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.domain.content import checked_id
from quaestor_artifact_store.repository import journals, snapshots
from quaestor_artifact_store.repository.rows import JournalAppendRow, Page
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.journals import (
    AppendEvents,
    CreateJournal,
    JournalSummary,
    JournalView,
    PutSnapshot,
    SnapshotView,
)

__all__ = ["JournalService"]


class JournalService:
    """Append-only streams of events, each with the version that the next append must expect."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, request: CreateJournal, once: Once) -> JournalView:
        """Open a journal. Raises Conflict when a live one has the key."""
        return await once.write(
            self._database,
            lambda tx: journals.create(tx, request.key, request.feature_id, request.events),
            JournalView,
        )

    async def append(self, journal_id: str, request: AppendEvents, once: Once) -> JournalView:
        """Append events and give just those. Raises NotFound, VersionMismatch."""
        row = JournalAppendRow(
            journal_id=checked_id(journal_id, "journal"),
            expected_version=request.expected_version,
            events=request.events,
        )

        def append(tx: Transaction) -> JournalView:
            journals.append(tx, row)
            return journals.read(tx, row.journal_id, row.expected_version, len(row.events))

        return await once.write(self._database, append, JournalView)

    async def read(
        self, journal_id: str, after: int, limit: int, *, snapshot: bool = False
    ) -> JournalView:
        """Read events after a position, or from the newest snapshot beyond it. Raises NotFound."""
        key = checked_id(journal_id, "journal")
        reading = snapshots.read_from if snapshot else journals.read
        return await self._database.read(lambda c: reading(c, key, after, limit))

    async def put_snapshot(
        self, journal_id: str, version: int, request: PutSnapshot, once: Once
    ) -> SnapshotView:
        """Keep what the events up to a version come to. Raises NotFound, VersionMismatch."""
        key = checked_id(journal_id, "journal")
        return await once.write(
            self._database, lambda tx: snapshots.put(tx, key, version, request.data), SnapshotView
        )

    async def latest_snapshot(self, journal_id: str) -> SnapshotView:
        """Give the newest snapshot. Raises NotFound."""
        key = checked_id(journal_id, "journal")
        return await self._database.read(lambda c: snapshots.latest(c, key))

    async def listing(self, kind: str, feature_id: str | None, page: Page) -> list[JournalSummary]:
        """List the live journals of a kind, newest first."""
        return await self._database.read(lambda c: journals.listing(c, kind, feature_id, page))

    async def delete(self, journal_id: str, expected: int | None, once: Once) -> JournalSummary:
        """Delete a journal softly. Raises NotFound, VersionMismatch."""
        key = checked_id(journal_id, "journal")
        return await once.write(
            self._database, lambda tx: journals.delete(tx, key, expected), JournalSummary
        )
