"""Databases for tests, one of each kind, and the repository's calls on one."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread
import msgspec
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from tests.support.postgres import server

from quaestor_artifact_store.database import Connection, Database, Transaction
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.domain.listing import ArtifactFilter, VersionFilter
from quaestor_artifact_store.migrations.schema import Schema
from quaestor_artifact_store.postgresql.connections import address, connect
from quaestor_artifact_store.postgresql.database import PostgresDatabase
from quaestor_artifact_store.postgresql.migrating import schema_of as postgresql_schema
from quaestor_artifact_store.repository import (
    artifact_lists,
    artifacts,
    blobs,
    journals,
    version_lists,
    versions,
)
from quaestor_artifact_store.repository.rows import BlobRow, JournalAppendRow, NewVersion, Page
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.database import SqliteDatabase
from quaestor_artifact_store.sqlite.migrating import schema_of as sqlite_schema
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.journals import EventInput, JournalSummary, JournalView
from quaestor_shared.contracts.versions import ArtifactView, IfExists, VersionView

__all__ = [
    "KINDS",
    "Kept",
    "Standing",
    "connected",
    "new_version",
    "open_at",
    "opened",
    "place_for",
    "standing",
]

T = TypeVar("T")

# The quick round is on SQLite; PostgreSQL is a process, and `make test` runs it.
KINDS: list[Any] = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


def place_for(kind: str, folder: Path) -> str:
    """Give the place of a new database: a file in the folder, or an address on the server."""
    return server().new_database() if kind == "postgresql" else str(folder / "store.db")


def open_at(place: str, clock: Clock) -> Database:
    """Open the database at a place."""
    if "://" in place:
        return PostgresDatabase(place, clock)
    return SqliteDatabase(Path(place), clock)


@contextmanager
def connected(place: str) -> Iterator[tuple[Connection, Schema]]:
    """Connect to the database at a place, with its schema as it is."""
    if "://" in place:
        server_side = connect(address(place))
        try:
            yield server_side, postgresql_schema(server_side)
        finally:
            server_side.raw.close()
    else:
        file = open_writer(Path(place))
        try:
            yield file, sqlite_schema(file)
        finally:
            file.close()


@asynccontextmanager
async def opened(kind: str, folder: Path) -> AsyncIterator[Database]:
    """Open a new database of a kind, with a clock that ticks at every write."""
    ticks = itertools.count()
    made = open_at(place_for(kind, folder), lambda: f"2026-01-31T16:00:00.{next(ticks):06d}Z")
    try:
        yield made
    finally:
        await anyio.to_thread.run_sync(made.close)


def new_version(content: str, **changes: object) -> NewVersion:
    """Give a version to write."""
    version = NewVersion(
        feature_id="meal-planner-v1",
        path="design/backend.json",
        digest=digest_of(content.encode()),
        size=len(content),
        media_type="application/json",
        if_exists=IfExists.FIND_OR_NEW_VERSION,
    )
    return msgspec.structs.replace(version, **changes)


class Kept:
    """The repository's functions on one database, as calls."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def do(self, operation: Callable[..., T], *arguments: Any) -> T:
        """Write with any function of the repository."""
        return await self.database.write(lambda tx: operation(tx, *arguments))

    async def ask(self, query: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Read with any function of the repository."""
        return await self.database.read(lambda c: query(c, *arguments, **options))

    async def create_journal(
        self, key: str, feature_id: str, events: Sequence[EventInput]
    ) -> JournalView:
        """Open a journal."""
        return await self.database.write(lambda tx: journals.create(tx, key, feature_id, events))

    async def append(self, append: JournalAppendRow) -> JournalView:
        """Append events and give just those."""

        def write(tx: Transaction) -> JournalView:
            journals.append(tx, append)
            after, most = append.expected_version, len(append.events)
            return journals.read(tx, append.journal_id, after, most)

        return await self.database.write(write)

    async def read_journal(self, journal_id: str, after: int, limit: int) -> JournalView:
        """Read events after a position."""
        return await self.database.read(lambda c: journals.read(c, journal_id, after, limit))

    async def list_journals(
        self, kind: str, feature_id: str | None, page: Page
    ) -> list[JournalSummary]:
        """List live journals, newest first."""
        return await self.database.read(lambda c: journals.listing(c, kind, feature_id, page))

    async def delete_journal(self, journal_id: str, expected: int | None) -> JournalSummary:
        """Delete a journal softly."""
        return await self.database.write(lambda tx: journals.delete(tx, journal_id, expected))

    async def commit(
        self, new: Sequence[NewVersion], append: JournalAppendRow | None
    ) -> tuple[list[VersionView], int | None]:
        """Write versions and events in one transaction."""

        def write(tx: Transaction) -> tuple[list[VersionView], int | None]:
            version = journals.append(tx, append) if append is not None else None
            written = [
                artifacts.create_version(tx, one, f"/versions/{index}")
                for index, one in enumerate(new)
            ]
            return written, version

        return await self.database.write(write)

    async def list_artifacts(self, page: Page, **asked: Any) -> list[ArtifactView]:
        """List artifacts, filtered and sorted as asked."""
        wanted = ArtifactFilter(**asked)
        return await self.database.read(lambda c: artifact_lists.listing(c, wanted, page))

    async def read_artifact(self, artifact_id: str) -> ArtifactView:
        """Read an artifact."""
        return await self.database.read(lambda c: artifacts.read(c, artifact_id))

    async def list_versions(
        self, artifact_id: str, after: int | None, limit: int, **asked: Any
    ) -> list[VersionView]:
        """List the versions of an artifact, by default newest first."""
        wanted = VersionFilter(**asked)
        return await self.database.read(
            lambda c: version_lists.listing(c, artifact_id, wanted, after=after, limit=limit)
        )

    async def read_version(self, artifact_id: str, which: Expression) -> VersionView:
        """Read one version."""
        return await self.database.read(lambda c: versions.read(c, artifact_id, which))

    async def find_blob(self, digest: str) -> BlobRow | None:
        """Give what is known of a content."""
        return await self.database.read(lambda c: blobs.find(c, digest))


class Standing:
    """A database that is opened once for many examples; its calls wait for their result."""

    def __init__(self, database: Database, portal: BlockingPortal) -> None:
        self.database = database
        self.portal = portal

    def write(self, operation: Callable[[Transaction], T]) -> T:
        """Run an operation."""
        return self.portal.call(self.database.write, operation)


@contextmanager
def standing(kind: str, folder: Path) -> Iterator[Standing]:
    """Open a new database of a kind, for tests that are not coroutines."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(opened(kind, folder)) as database,
    ):
        yield Standing(database, portal)
