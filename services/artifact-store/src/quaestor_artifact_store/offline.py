"""The database as whoever looks after it opens it, beside the service or in its place."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.migrations.schema import Schema
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.sqlite import migrating as sqlite_migrating
from quaestor_artifact_store.sqlite import sessions as sqlite_sessions
from quaestor_artifact_store.wiring import blobs_of, database_of, sqlite_file
from quaestor_shared.clock import utc_now
from quaestor_shared.errors import Unavailable

__all__ = ["check_current", "looking_at", "opened", "schema_alone", "schema_seen", "where"]


@contextmanager
def looking_at(settings: Settings) -> Iterator[Connection]:
    """Read on one snapshot, while a service may go on writing. Raises NotFound, Unavailable."""
    with _looking(settings) as (connection, _):
        yield connection


@contextmanager
def schema_seen(settings: Settings) -> Iterator[Schema]:
    """Look at the schema. Raises NotFound, Unavailable."""
    with _looking(settings) as (_, schema):
        yield schema


@contextmanager
def schema_alone(settings: Settings) -> Iterator[Schema]:
    """Have the schema for oneself. Raises Unavailable while a service uses the database."""
    if settings.database_url:
        from quaestor_artifact_store.postgresql import migrating, sessions

        with sessions.alone(settings.database_url) as server:
            yield migrating.schema_of(server)
    else:
        with sqlite_sessions.alone(sqlite_file(settings)) as file:
            yield sqlite_migrating.schema_of(file)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database, BlobStore]]:
    """Open the whole store to work on it: on PostgreSQL beside services, on SQLite alone.

    Raises NotFound where there is none, Unavailable for one that is in use or lacks steps of the
    schema.
    """
    await asyncio.to_thread(check_current, settings)
    blobs = blobs_of(settings)
    try:
        database = await asyncio.to_thread(database_of, settings, utc_now, patience_s=0.5)
        try:
            yield database, blobs
        finally:
            await asyncio.to_thread(database.close)
    finally:
        await blobs.close()


def where(settings: Settings) -> str:
    """Say which database is meant, without its password."""
    if not settings.database_url:
        return str(sqlite_file(settings))
    from quaestor_artifact_store.postgresql.connections import address, place

    return place(address(settings.database_url))


@contextmanager
def _looking(settings: Settings) -> Iterator[tuple[Connection, Schema]]:
    if settings.database_url:
        from quaestor_artifact_store.postgresql import migrating, sessions

        with sessions.looking(settings.database_url) as server:
            yield server, migrating.schema_of(server)
    else:
        with sqlite_sessions.looking(sqlite_file(settings)) as file:
            yield file, sqlite_migrating.schema_of(file)


def check_current(settings: Settings) -> None:
    """Raise Unavailable for a database that has not just the steps which this version knows."""
    with schema_seen(settings) as schema:
        missing = [step.name for step in schema.pending()]
    if missing:
        raise Unavailable(
            f"The database lacks steps of the schema: {', '.join(missing)}."
            " Take them first: quaestor store migrate up."
        )
