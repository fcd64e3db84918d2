"""An archive as it comes in: checked as a whole, and read for the index. Everything here blocks."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import msgspec

from quaestor_artifact_store.archive_files import ArchiveReader, member_pieces
from quaestor_artifact_store.domain.archive_faults import faults_of
from quaestor_artifact_store.domain.archives import (
    MANIFEST,
    MOST_FAULTS,
    contents_of,
    member_of,
    refuse,
)
from quaestor_artifact_store.domain.search.document import MOST_CONTENT, Document, document
from quaestor_shared.contracts.archives import Archive
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput, MalformedBody
from quaestor_shared.service import strict_json

__all__ = ["read_archive", "read_documents"]

_MOST_MANIFEST = 268_435_456  # bytes
_DEEPER = 2  # levels: what an event says lies so much deeper in a manifest than in a request
_LONGEST_NAME = 200  # characters of a member's name that are told
_decoder = msgspec.json.Decoder(Archive)


def read_archive(reader: ArchiveReader, now: str) -> Archive:
    """Read the manifest, and every content once. Raises InvalidInput with all that is wrong."""
    content = b"".join(member_pieces(reader, MANIFEST, _MOST_MANIFEST))
    if not content:
        raise refuse([ErrorDetail(field=MANIFEST, message="there is no such member")])
    archive = _read_manifest(content)
    faults = faults_of(archive, now)
    faults += islice(_of_members(reader, archive), MOST_FAULTS - len(faults))
    for digest, size in contents_of(archive).items():
        fault = _fault(reader, digest, size)
        if fault is not None and len(faults) < MOST_FAULTS:
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


def _read_manifest(content: bytes) -> Archive:
    try:
        return strict_json.decode(content, _decoder, depth=strict_json.MOST_DEPTH + _DEEPER)
    except (InvalidInput, MalformedBody) as error:
        faults = [
            msgspec.structs.replace(one, field=f"{MANIFEST}{one.field}") for one in error.details
        ]
        raise refuse(faults) from error


def _of_members(reader: ArchiveReader, archive: Archive) -> Iterator[ErrorDetail]:
    """Tell of members that no part of the manifest names, and of those that are there twice."""
    known = {MANIFEST, *(member_of(digest) for digest in contents_of(archive))}
    for name, times in Counter(reader.names()).items():
        shown = name.encode("utf-8", "replace").decode()[:_LONGEST_NAME]
        if name not in known:
            yield ErrorDetail(field=shown, message="the manifest names no such member")
        elif times > 1:
            yield ErrorDetail(field=shown, message=f"is there {times} times")


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
