"""A feature as one archive: everything out, checked and in again."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, NamedTuple

import msgspec

from quaestor_artifact_store.archive_files import (
    ArchiveFormat,
    ArchiveReader,
    ArchiveWriter,
    member_pieces,
    open_archive,
    write_archive,
)
from quaestor_artifact_store.archive_reading import read_archive, read_documents
from quaestor_artifact_store.blobs import WHOLE, BlobStore
from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.archives import MANIFEST, contents_of, member_of
from quaestor_artifact_store.repository import archives
from quaestor_artifact_store.service.once import StreamedOnce
from quaestor_artifact_store.service.putting import put_again
from quaestor_artifact_store.verified import Verified
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.archives import ImportView
from quaestor_shared.errors import PayloadTooLarge

__all__ = ["ArchiveService", "Exported"]

_encode = msgspec.json.Encoder(order="deterministic").encode


class Exported(NamedTuple):
    """An archive that is ready: its size in bytes, and its bytes."""

    size: int
    chunks: AsyncIterator[bytes]


class ArchiveService:
    """Archives go through a file that has no name, so that none has to fit into memory."""

    def __init__(
        self, database: Database, blobs: BlobStore, clock: Clock, *, most_bytes: int
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._most = most_bytes

    async def export(self, feature_id: str, form: ArchiveFormat) -> Exported:
        """Write a feature into an archive. Raises NotFound, and Damaged for a damaged content."""
        now = self._clock()

        archive = await self._database.read(lambda c: archives.read(c, feature_id, now))
        file = await asyncio.to_thread(tempfile.TemporaryFile)
        try:
            writer = write_archive(file, form, datetime.fromisoformat(now))
            manifest = _encode(archive)
            await _add(writer, MANIFEST, manifest)
            for digest, size in contents_of(archive).items():
                await self._add_content(writer, digest, size)
            await asyncio.to_thread(writer.close)
            size = await asyncio.to_thread(file.tell)
        except BaseException:
            file.close()
            raise
        return Exported(size, _chunks(file))

    async def take(
        self, coming: AsyncIterator[bytes], feature_id: str | None, streamed: StreamedOnce
    ) -> ImportView:
        """Write a feature from an archive, under another id where one is given.

        Nothing is written before every content was seen and has its digest. Raises InvalidInput
        with every fault, Conflict, PayloadTooLarge.
        """
        with await asyncio.to_thread(tempfile.TemporaryFile) as file:
            await self._receive(coming, file, streamed)
            once = streamed.whole()
            if (kept := await once.kept(self._database, ImportView)) is not None:
                return kept
            reader = await asyncio.to_thread(open_archive, file)
            archive = await asyncio.to_thread(read_archive, reader, self._clock())
            slug = feature_id or archive.feature_id
            documents = await asyncio.to_thread(read_documents, reader, archive, slug)

            async def attempt() -> ImportView:
                for digest, size in contents_of(archive).items():
                    await self._blobs.put_stream(digest, _member(reader, digest, size))
                return await once.write(
                    self._database,
                    lambda tx: archives.write(tx, archive, slug, documents),
                    ImportView,
                )

            return await put_again(self._database, attempt)

    async def _receive(
        self, coming: AsyncIterator[bytes], file: IO[bytes], streamed: StreamedOnce
    ) -> None:
        size = 0
        async for chunk in coming:
            size += len(chunk)
            if size > self._most:
                raise PayloadTooLarge(f"The archive is larger than {self._most} bytes.")
            streamed.feed(chunk)
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.seek, 0)

    async def _add_content(self, writer: ArchiveWriter, digest: str, size: int) -> None:
        found = await Verified(self._blobs).read(digest, size, 0, size)
        if isinstance(found, bytes):
            await _add(writer, member_of(digest), found)
            return
        with await asyncio.to_thread(tempfile.TemporaryFile) as part:
            async for piece in found:
                await asyncio.to_thread(part.write, piece)
            await asyncio.to_thread(part.seek, 0)
            await asyncio.to_thread(writer.add, member_of(digest), part, size)


async def _add(writer: ArchiveWriter, name: str, content: bytes) -> None:
    await asyncio.to_thread(writer.add, name, io.BytesIO(content), len(content))


async def _member(reader: ArchiveReader, digest: str, size: int) -> AsyncIterator[bytes]:
    pieces = member_pieces(reader, member_of(digest), size)
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        await asyncio.to_thread(file.seek, 0)
        while chunk := await asyncio.to_thread(file.read, WHOLE):
            yield chunk
    finally:
        file.close()
