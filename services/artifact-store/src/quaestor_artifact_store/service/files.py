"""What can be done with a feature's files by their paths, and with the sections in them."""

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.conditions import Condition
from quaestor_artifact_store.domain.content import checked_id
from quaestor_artifact_store.domain.expressions import read_expression
from quaestor_artifact_store.domain.owned_sections import sections, with_section
from quaestor_artifact_store.repository import artifacts, versions
from quaestor_artifact_store.service.creation import CreationService
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.sections import PutSection, SectionView
from quaestor_shared.contracts.versions import CreateVersion, FileTarget, VersionView
from quaestor_shared.errors import Conflict, NotFound, Unavailable, VersionMismatch

__all__ = ["FileService"]

_RACES = 10  # writes that may come in between while a section is written


class FileService:
    """Files as people think of them: a path, what is in it, and their part of it."""

    def __init__(self, database: Database, blobs: BlobStore, creation: CreationService) -> None:
        self._database = database
        self._blobs = blobs
        self._creation = creation

    async def find(self, feature_id: str, path: str, expression: str) -> VersionView:
        """Give the version of a file that an expression means. Raises NotFound."""
        which = read_expression(expression)

        def read(connection: Connection) -> VersionView:
            artifact = artifacts.at(connection, feature_id, path)
            if artifact is None:
                raise NotFound(f"There is no {path} in {feature_id}.")
            return versions.read(connection, artifact.id, which)

        return await self._database.read(read)

    async def put(
        self, target: FileTarget, content: bytes, once: Once, condition: Condition
    ) -> VersionView:
        """Write a file. Raises InvalidInput, Conflict (428 too), VersionMismatch."""
        create = CreateVersion(
            feature_id=target.feature_id,
            path=target.path,
            media_type=target.media_type,
            base64=content,
            label=target.label,
        )
        return await self._creation.create_version(create, once, condition)

    async def sections(self, artifact_id: str, expression: str) -> tuple[SectionView, ...]:
        """List the sections of a version. Raises NotFound."""
        key, which = checked_id(artifact_id, "artifact"), read_expression(expression)
        version = await self._database.read(lambda c: versions.read(c, key, which))
        return tuple(sections(await self._blobs.get(version.digest)))

    async def section(self, artifact_id: str, expression: str, owner: str) -> SectionView:
        """Give the section of an owner. Raises NotFound."""
        for section in await self.sections(artifact_id, expression):
            if section.owner == owner:
                return section
        raise NotFound("There is no section of this owner in this version.")

    async def put_section(
        self,
        artifact_id: str,
        owner: str,
        request: PutSection,
        once: Once,
        condition: Condition,
    ) -> VersionView:
        """Write the section of an owner as a new version; every other byte stays.

        Others may write to theirs meanwhile, so a lost race is run again, unless the writer asked
        for one version. Raises NotFound, InvalidInput, Conflict, VersionMismatch, Unavailable.
        """
        key = checked_id(artifact_id, "artifact")
        if (kept := await once.kept(self._database, VersionView)) is not None:
            return kept
        for _ in range(_RACES):
            artifact = await self._database.read(lambda c: artifacts.read(c, key))
            latest = artifact.latest
            document = await self._blobs.get(latest.digest)
            if not latest.media_type.startswith("text/"):
                raise Conflict(f"{artifact.path} is no text: it has no sections.")
            create = CreateVersion(
                feature_id=artifact.feature_id,
                path=artifact.path,
                media_type=latest.media_type,
                base64=with_section(document, owner, request.text),
                label=request.label,
                expected_version=latest.number,
                session_id=request.session_id,
                script_version=request.script_version,
            )
            try:
                return await self._creation.create_version(create, once, condition)
            except VersionMismatch:
                if condition.given:
                    raise
        raise Unavailable("Too many others write to this document at once; try again.")
