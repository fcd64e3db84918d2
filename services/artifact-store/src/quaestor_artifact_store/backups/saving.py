"""Makes a backup of a store, while services go on writing to it."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from quaestor_artifact_store.backups.manifest import (
    DATABASE,
    MANIFEST,
    Manifest,
    file_digest,
    write_manifest,
)
from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.fs_blobs.folders import sync
from quaestor_artifact_store.offline import check_current, looking_at
from quaestor_artifact_store.repository import blobs as blob_rows
from quaestor_artifact_store.repository import changes
from quaestor_artifact_store.repository import tables as whole
from quaestor_artifact_store.service.copying import Fate, copy_content
from quaestor_artifact_store.service.parallel import for_each
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.sqlite import sessions
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.migrating import schema_of
from quaestor_artifact_store.wiring import blobs_of, sqlite_file
from quaestor_shared.clock import Clock
from quaestor_shared.errors import Conflict

__all__ = ["Saved", "save"]

_PAGE = 500


class Saved(NamedTuple):
    """A content that was dealt with, and its size in bytes; `lost` if it could not be read."""

    digest: str
    size: int
    lost: bool


async def save(
    settings: Settings, folder: Path, clock: Clock, tell: Callable[[Saved], None]
) -> Manifest:
    """Write a backup into a folder that is not there yet, and tell of each content.

    The rows are of one moment. Contents are copied afterwards: what those rows name stays, unless
    garbage is collected with a grace period that is shorter than the backup takes. Raises
    NotFound without a store, Conflict when the folder is there, Unavailable.
    """
    await asyncio.to_thread(check_current, settings)
    unfinished = await asyncio.to_thread(_begin, folder)
    created_at, file = clock(), unfinished / DATABASE
    await asyncio.to_thread(_snapshot, settings, file)
    with sessions.looking(file) as rows:
        contents, lost = await _contents(settings, rows, unfinished, tell)
        end = changes.head(rows)
        manifest = Manifest(
            created_at=created_at,
            database=await asyncio.to_thread(file_digest, file),
            steps=tuple(schema_of(rows).taken()),
            rows=whole.counts(rows, whole.tables(rows)),
            position=end.position,
            hash=end.hash,
            contents=contents,
            lost=tuple(lost),
        )
    await asyncio.to_thread(_finish, unfinished, folder, manifest)
    return manifest


def _begin(folder: Path) -> Path:
    """Make the folder under a name that tells that it is not finished."""
    if folder.exists():
        raise Conflict(f"{folder} is there already; name a folder that is to be made.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(parents=True, mode=0o700)  # it has secrets: those of webhooks
    return unfinished


def _snapshot(settings: Settings, file: Path) -> None:
    """Write the rows, as they are now, into a SQLite file."""
    if not settings.database_url:
        sessions.snapshot(sqlite_file(settings), file)
        return
    target = open_writer(file)
    try:
        schema_of(target).up()
        with looking_at(settings) as source:
            target.execute("BEGIN")
            for table in whole.tables(target):
                for page in whole.rows(source, table):
                    whole.insert(target, table, page)
            whole.rebuild(target)
            target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


async def _contents(
    settings: Settings, rows: Connection, folder: Path, tell: Callable[[Saved], None]
) -> tuple[dict[str, int], list[str]]:
    """Copy every content that has a row; give those that were, with their sizes, and the others."""
    copied: dict[str, int] = {}
    lost: list[str] = []
    source, target = blobs_of(settings), FileBlobs(folder / "blobs")

    async def one(content: tuple[str, int]) -> None:
        digest, size = content
        kept = await copy_content(source, target, digest) in (Fate.COPIED, Fate.THERE)
        if kept:
            copied[digest] = size
        else:
            lost.append(digest)
        tell(Saved(digest, size, lost=not kept))

    try:
        await source.page("", 1)  # where it does not answer at all, nothing is called lost
        after = ""
        while page := blob_rows.sized(rows, after, _PAGE):
            await for_each(page, one)
            after = page[-1][0]
    finally:
        await source.close()
        await target.close()
    return dict(sorted(copied.items())), sorted(lost)


def _finish(unfinished: Path, folder: Path, manifest: Manifest) -> None:
    """Give a backup its name once everything of it is on disk."""
    write_manifest(unfinished, manifest)
    for file in (unfinished / DATABASE, unfinished / MANIFEST):
        with file.open("rb+") as written:
            os.fsync(written.fileno())
    sync(unfinished)
    unfinished.rename(folder)
    sync(folder.parent)
