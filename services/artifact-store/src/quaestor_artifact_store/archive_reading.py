"""An archive as it comes in: checked as a whole, and read for the index. Everything here blocks."""

import hashlib

from quaestor_artifact_store.archive_files import ArchiveReader, member_pieces
from quaestor_artifact_store.domain.archives import (
    MANIFEST,
    contents_of,
    faults_of,
    member_of,
    read_manifest,
    refuse,
)
from quaestor_artifact_store.domain.search.document import MOST_CONTENT, Document, document
from quaestor_shared.contracts.archives import Archive
from quaestor_shared.contracts.errors import ErrorDetail

__all__ = ["read_archive", "read_documents"]

_MOST_MANIFEST = 268_435_456  # bytes
_MOST_FAULTS = 100


def read_archive(reader: ArchiveReader) -> Archive:
    """Read the manifest, and every content once. Raises InvalidInput with all that is wrong."""
    content = b"".join(member_pieces(reader, MANIFEST, _MOST_MANIFEST))
    if not content:
        raise refuse([ErrorDetail(field=MANIFEST, message="there is no such member")])
    archive = read_manifest(content)
    faults = faults_of(archive)
    for digest, size in contents_of(archive).items():
        fault = _fault(reader, digest, size)
        if fault is not None and len(faults) < _MOST_FAULTS:
            faults.append(fault)
    if faults:
        raise refuse(faults)
    return archive


def read_documents(
    reader: ArchiveReader, archive: Archive, slug: str
) -> dict[tuple[str, int], Document]:
    """Make the index entry of each version, by path and number, for a feature of this id."""
    documents = {}
    for artifact in archive.artifacts:
        for version in artifact.versions:
            content = b""
            if version.size <= MOST_CONTENT:
                content = b"".join(member_pieces(reader, member_of(version.digest), version.size))
            documents[artifact.path, version.number] = document(
                content, feature_id=slug, path=artifact.path, media_type=version.media_type
            )
    return documents


def _fault(reader: ArchiveReader, digest: str, size: int) -> ErrorDetail | None:
    name = member_of(digest)
    if reader.open(name) is None:
        return ErrorDetail(field=name, message="there is no such member")
    hashed, found = hashlib.sha256(), 0
    for piece in member_pieces(reader, name, size):
        hashed.update(piece)
        found += len(piece)
    if found != size:
        less = "fewer" if found < size else "more"
        return ErrorDetail(field=name, message=f"it has {less} bytes than the {size} it should")
    if f"sha256:{hashed.hexdigest()}" != digest:
        return ErrorDetail(field=name, message="its digest is not the one in its name")
    return None
