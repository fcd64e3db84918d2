"""Takes in what older schemas had: versions enter the index and the audit while others write."""

import asyncio
from contextlib import suppress
from functools import partial

from quaestor_artifact_store.blobs import BlobStore, Damaged
from quaestor_artifact_store.database import Database, Transaction
from quaestor_artifact_store.domain.search.document import MOST_CONTENT, Document, document
from quaestor_artifact_store.repository import adoption
from quaestor_artifact_store.repository.adoption import Unindexed
from quaestor_shared.errors import NotFound, QuaestorError
from quaestor_shared.telemetry.context import principal
from quaestor_shared.telemetry.logging import get_logger

__all__ = ["adopt_unindexed"]

_log = get_logger(__name__)
_STEP = 50  # versions in one write, so that nobody waits long behind it
_PAUSE_S = 10.0  # after a failure


async def adopt_unindexed(database: Database, blobs: BlobStore) -> None:
    """Enter every version that waits, step by step; a new store has none."""
    principal.set("artifact-store:upgrade")  # in the context of this task alone
    count = 0
    while True:
        try:
            found = await database.read(lambda c: adoption.waiting(c, _STEP))
            if not found:
                break
            entries = [(version, await _document(blobs, version)) for version in found]
            await database.write(partial(_adopt, entries))
        except QuaestorError as error:
            _log.warning("versions not taken in yet", exc_info=error)
            await asyncio.sleep(_PAUSE_S)
            continue
        count += len(found)
    if count:
        _log.info("versions of an older schema taken in", count=count)


def _adopt(entries: list[tuple[Unindexed, Document]], tx: Transaction) -> None:
    for version, entry in entries:
        adoption.adopt(tx, version, entry)


async def _document(blobs: BlobStore, version: Unindexed) -> Document:
    """Make a version's entry; one whose content is lost is found by its facets alone."""
    content = b""
    if version.size <= MOST_CONTENT:
        with suppress(NotFound, Damaged):
            content = await blobs.get(version.digest)
    return document(
        content, feature_id=version.slug, path=version.path, media_type=version.media_type
    )
