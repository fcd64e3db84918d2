"""Brings a backup back, into a store that has nothing yet."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from quaestor_artifact_store.backups.manifest import (
    DATABASE,
    Manifest,
    file_digest,
    read_manifest,
)
from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.fs_blobs.folders import sync
from quaestor_artifact_store.repository import changes
from quaestor_artifact_store.repository import tables as whole
from quaestor_artifact_store.service.copying import Fate, copy_content
from quaestor_artifact_store.service.parallel import for_each
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.sqlite import sessions
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.lock import FolderLock
from quaestor_artifact_store.sqlite.migrating import schema_of
from quaestor_artifact_store.wiring import blobs_of, sqlite_file
from quaestor_shared.errors import Conflict, InvalidInput

__all__ = ["restore"]

Told = Callable[[str, int], None]


async def restore(settings: Settings, folder: Path, tell: Told) -> Manifest:
    """Bring a backup back, and tell of each content with its size.

    Contents come first and rows last, so that what is broken off half-way is no store. Raises
    InvalidInput for a backup that is not as its manifest says, Conflict for a store that has
    something already, Unavailable.
    """
    manifest = await asyncio.to_thread(read_manifest, folder)
    await asyncio.to_thread(_check_rows, folder, manifest)
    blobs = blobs_of(settings)
    try:
        await _check_empty(settings, blobs)
        await _contents(folder, manifest, blobs, tell)
    finally:
        await blobs.close()
    write = _into_postgresql if settings.database_url else _into_file
    await asyncio.to_thread(write, settings, folder / DATABASE, manifest)
    return manifest


def _check_rows(folder: Path, manifest: Manifest) -> None:
    file = folder / DATABASE
    if not file.exists() or file_digest(file) != manifest.database:
        raise InvalidInput(f"{file} is not what the manifest says: it was changed since.")
    with sessions.looking(file) as rows:
        schema_of(rows).pending()  # raises for a schema of a newer version


async def _check_empty(settings: Settings, blobs: BlobStore) -> None:
    if await blobs.page("", 1):
        raise Conflict("There are contents where these are to go; restore into an empty place.")
    if settings.database_url:
        from quaestor_artifact_store.postgresql import migrating
        from quaestor_artifact_store.postgresql.sessions import alone

        with alone(settings.database_url) as connection:
            if migrating.schema_of(connection).taken():
                raise Conflict("The database has tables already; restore into an empty one.")
    elif sqlite_file(settings).exists():
        raise Conflict(f"{sqlite_file(settings)} is there already; restore into an empty folder.")


async def _contents(folder: Path, manifest: Manifest, target: BlobStore, tell: Told) -> None:
    source = FileBlobs(folder / "blobs")

    async def one(content: tuple[str, int]) -> None:
        digest, size = content
        if await copy_content(source, target, digest) not in (Fate.COPIED, Fate.THERE):
            raise InvalidInput(f"The content {digest} of the backup is missing or damaged.")
        tell(digest, size)

    try:
        await for_each(manifest.contents.items(), one)
    finally:
        await source.close()


def _into_file(settings: Settings, file: Path, manifest: Manifest) -> None:
    target = sqlite_file(settings)
    lock = FolderLock(target.with_suffix(".lock"), patience_s=0.5)
    try:
        unfinished = target.with_suffix(".unfinished")
        shutil.copyfile(file, unfinished)
        if file_digest(unfinished) != manifest.database:
            raise InvalidInput(f"{unfinished} is not what was copied; the disk may be failing.")
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.rename(target)
        sync(target.parent)
    finally:
        lock.release()


def _into_postgresql(settings: Settings, file: Path, manifest: Manifest) -> None:
    """Write the rows in one transaction, at the newest schema."""
    from quaestor_artifact_store.postgresql import migrating
    from quaestor_artifact_store.postgresql.sessions import alone

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        shutil.copyfile(file, copy)
        with (
            closing(open_writer(copy)) as source,
            alone(settings.database_url) as target,
            target.raw.transaction(),
        ):
            schema_of(source).up()
            migrating.schema_of(target).up()
            for table in whole.tables(source):
                for page in whole.rows(source, table):
                    whole.insert(target, table, page)
            _compare(source, target, manifest)


def _compare(source: Connection, target: Connection, manifest: Manifest) -> None:
    """Raise InvalidInput unless every row came over, in the chain that the backup tells of."""
    tables, end = whole.tables(source), changes.head(target)
    if whole.counts(source, tables) != whole.counts(target, tables):
        raise InvalidInput("Not every row of the backup came over; nothing was restored.")
    if (end.position, end.hash) != (manifest.position, manifest.hash):
        raise InvalidInput("The chain of changes is not the backup's; nothing was restored.")
