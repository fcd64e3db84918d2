"""The repository's adapter to SQLite: each method hands its SQL to the writer or to a reader."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from quaestor_artifact_store.domain.content import Expression
from quaestor_artifact_store.repository import BlobRow, JournalAppendRow, NewVersion, Page
from quaestor_artifact_store.sqlite import journals, versions
from quaestor_artifact_store.sqlite.connections import open_reader, open_writer, unavailable
from quaestor_artifact_store.sqlite.lock import FolderLock
from quaestor_artifact_store.sqlite.migrations import migrate
from quaestor_artifact_store.sqlite.writer import Writer
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.journals import EventInput, JournalSummary, JournalView
from quaestor_shared.contracts.versions import ArtifactView, VersionView
from quaestor_shared.errors import Unavailable
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["SqliteRepository"]

T = TypeVar("T")
_log = get_logger(__name__)


class SqliteRepository:
    """A Repository in one file. Opens and migrates it when made; `close` ends its threads."""

    def __init__(
        self, file: Path, clock: Clock, *, readers: int = 4, patience_s: float = 10.0
    ) -> None:
        """Open the database.

        Raises Unavailable when it cannot be opened, or another process has it for `patience_s`.
        """
        self._lock = FolderLock(file.with_suffix(".lock"), patience_s=patience_s)
        try:
            connection = _open(file)
        except BaseException:
            self._lock.release()
            raise
        self._file = file
        self._clock = clock
        self._writer = Writer(connection)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def create_journal(
        self, key: str, feature_id: str, events: Sequence[EventInput]
    ) -> JournalView:
        """Open a journal."""
        now = self._clock()
        return await self._writer.run(lambda c: journals.create(c, key, feature_id, events, now))

    async def append(self, append: JournalAppendRow) -> JournalView:
        """Append events."""
        now, after = self._clock(), append.expected_version

        def write(connection: sqlite3.Connection) -> JournalView:
            journals.append(connection, append, now)
            return journals.read(connection, append.journal_id, after, len(append.events))

        return await self._writer.run(write)

    async def read_journal(self, journal_id: str, after: int, limit: int) -> JournalView:
        """Read events after a position."""
        return await self._read(lambda c: journals.read(c, journal_id, after, limit))

    async def list_journals(
        self, kind: str, feature_id: str | None, page: Page
    ) -> list[JournalSummary]:
        """List live journals, newest first."""
        return await self._read(lambda c: journals.listing(c, kind, feature_id, page))

    async def delete_journal(self, journal_id: str, expected: int | None) -> JournalSummary:
        """Delete a journal softly."""
        now = self._clock()
        return await self._writer.run(lambda c: journals.delete(c, journal_id, expected, now))

    async def commit(
        self, new: Sequence[NewVersion], append: JournalAppendRow | None
    ) -> tuple[list[VersionView], int | None]:
        """Write versions and events in one transaction."""
        now = self._clock()

        def write(connection: sqlite3.Connection) -> tuple[list[VersionView], int | None]:
            version = journals.append(connection, append, now) if append is not None else None
            written = [
                versions.create(connection, one, f"/versions/{index}", now)
                for index, one in enumerate(new)
            ]
            return written, version

        return await self._writer.run(write)

    async def list_artifacts(
        self, feature_id: str | None, path: str | None, page: Page
    ) -> list[ArtifactView]:
        """List artifacts by feature and path."""
        return await self._read(lambda c: versions.artifacts(c, feature_id, path, page))

    async def read_artifact(self, artifact_id: str) -> ArtifactView:
        """Read an artifact."""
        return await self._read(lambda c: versions.artifact(c, artifact_id))

    async def list_versions(
        self, artifact_id: str, before: int | None, limit: int
    ) -> list[VersionView]:
        """List an artifact's versions, newest first."""
        return await self._read(lambda c: versions.versions(c, artifact_id, before, limit))

    async def read_version(self, artifact_id: str, which: Expression) -> VersionView:
        """Read one version."""
        return await self._read(lambda c: versions.version(c, artifact_id, which))

    async def find_blob(self, digest: str) -> BlobRow | None:
        """Give what is known of a content."""
        return await self._read(lambda c: versions.blob(c, digest))

    async def check(self) -> None:
        """Raise Unavailable when the database does not answer, to reads or to the writer."""
        await self._read(lambda c: c.execute("SELECT 1").fetchone())
        await self._writer.run(lambda _: None)

    def close(self) -> None:
        """Finish what is waiting, then close every connection."""
        self._readers.shutdown()
        for connection in self._opened:
            connection.close()
        self._writer.close()
        self._lock.release()

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._query, query)

    def _query(self, query: Callable[[sqlite3.Connection], T]) -> T:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                connection = self._local.connection = open_reader(self._file)
                self._opened.append(connection)
            # One snapshot for all of a query's statements.
            connection.execute("BEGIN")
            try:
                return query(connection)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            _log.error("read failed", exc_info=error)
            raise unavailable(error) from error


def _open(file: Path) -> sqlite3.Connection:
    """Open and migrate the database; an error says which file it is about."""
    try:
        connection = open_writer(file)
        try:
            migrate(connection)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise Unavailable(f"{file} cannot be opened: {error}.") from error
    return connection
