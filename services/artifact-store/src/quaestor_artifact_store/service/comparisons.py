"""What is different between two versions, and what becomes of a write that came too late."""

import asyncio

import msgspec

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.compare.comparing import compare
from quaestor_artifact_store.domain.compare.merging import Three, merge
from quaestor_artifact_store.domain.content import checked_id
from quaestor_artifact_store.domain.expressions import Expression, read_expression
from quaestor_artifact_store.repository import artifacts, versions
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_shared.contracts.comparisons import Comparison
from quaestor_shared.contracts.versions import VersionView
from quaestor_shared.errors import NotFound, Unavailable, VersionMismatch

__all__ = ["ComparisonService"]

_MOST_MERGED = 2_000_000  # bytes of a content that is merged; a larger one is only refused


class ComparisonService:
    """Puts contents side by side, off the event loop: a long text takes a while."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    async def compare(self, artifact_id: str, before: str, after: str) -> Comparison:
        """Compare two versions of an artifact. Raises NotFound."""
        key = checked_id(artifact_id, "artifact")
        wanted = read_expression(before), read_expression(after)

        def read(connection: Connection) -> list[VersionView]:
            artifacts.read(connection, key)
            return [versions.read(connection, key, which) for which in wanted]

        first, second = await self._database.read(read)
        contents = await asyncio.gather(
            self._blobs.get(first.digest), self._blobs.get(second.digest)
        )
        return await asyncio.to_thread(compare, (first, contents[0]), (second, contents[1]))

    async def explained(
        self, error: VersionMismatch, new: NewVersion, content: bytes
    ) -> VersionMismatch:
        """Add to a refused write what a merge with the current version would give.

        That takes a base: a version that the writer names, by number or by digest.
        """
        sides = await self._database.read(lambda c: _sides(c, new))
        if sides is None or max(new.size, *(side.size for side in sides)) > _MOST_MERGED:
            return error
        base, theirs = sides
        try:
            stored = await asyncio.gather(
                self._blobs.get(base.digest), self._blobs.get(theirs.digest)
            )
        except (NotFound, Unavailable):  # the refusal stands without it
            return error
        three = Three(*stored, content)
        merged = await asyncio.to_thread(merge, three, new.media_type, base.number)
        if merged is None:
            return error
        meta = {**error.meta, "merge": msgspec.to_builtins(merged)}
        return VersionMismatch(error.message, details=error.details, meta=meta)


def _sides(connection: Connection, new: NewVersion) -> tuple[VersionView, VersionView] | None:
    """Give the version that a writer changed, and the latest, or None where one is not known."""
    artifact = artifacts.at(connection, new.feature_id, new.path)
    if artifact is None:
        return None
    if new.expected_version:
        if new.expected_version >= artifact.latest.number:
            return None
        base = versions.read(connection, artifact.id, Expression(number=new.expected_version))
        return base, artifact.latest
    for digest in new.condition.digests or ():
        found = versions.with_digest(connection, artifact.id, digest)
        if found is not None:
            return found, artifact.latest
    return None
