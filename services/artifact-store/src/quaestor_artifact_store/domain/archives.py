"""What an archive has to be before anything of it is written."""

from collections.abc import Iterator

import msgspec

from quaestor_shared.contracts.archives import Archive, ArchivedArtifact
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput
from quaestor_shared.pointers import split_fault

__all__ = ["MANIFEST", "contents_of", "faults_of", "member_of", "read_manifest", "refuse"]

MANIFEST = "manifest.json"
_decode = msgspec.json.Decoder(Archive).decode
_MOST_FAULTS = 100


def member_of(digest: str) -> str:
    """Give the name of the member that has a content."""
    digits = digest.removeprefix("sha256:")
    return f"blobs/sha256/{digits[:2]}/{digits}"


def contents_of(archive: Archive) -> dict[str, int]:
    """Give the size of each content of an archive, by its digest."""
    return {
        version.digest: version.size
        for artifact in archive.artifacts
        for version in artifact.versions
    }


def read_manifest(content: bytes) -> Archive:
    """Read a manifest. Raises InvalidInput for what is none."""
    try:
        return _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fault, place = split_fault(str(error))
        raise refuse([ErrorDetail(field=f"{MANIFEST}{place}", message=fault)]) from error


def faults_of(archive: Archive) -> list[ErrorDetail]:
    """List what a manifest contradicts itself in."""
    paths: set[str] = set()
    faults = []
    for index, artifact in enumerate(archive.artifacts):
        place = f"{MANIFEST}/artifacts/{index}"
        if artifact.path in paths:
            faults.append(ErrorDetail(field=f"{place}/path", message="there is another with it"))
        if any(segment in {".", ".."} for segment in artifact.path.split("/")):
            message = "no segment may be `.` or `..`"
            faults.append(ErrorDetail(field=f"{place}/path", message=message))
        paths.add(artifact.path)
        faults += _of_versions(artifact, place)
    return faults[:_MOST_FAULTS]


def _of_versions(artifact: ArchivedArtifact, place: str) -> Iterator[ErrorDetail]:
    last, labels, sizes = 0, set(), {version.digest: version.size for version in artifact.versions}
    for index, version in enumerate(artifact.versions):
        at = f"{place}/versions/{index}"
        if version.number <= last:
            yield ErrorDetail(field=f"{at}/number", message="numbers have to rise")
        if version.label is not None and version.label in labels:
            yield ErrorDetail(field=f"{at}/label", message="there is another version with it")
        if version.size != sizes[version.digest]:
            yield ErrorDetail(field=f"{at}/size", message="the same content has another size")
        last = version.number
        labels.add(version.label)
    for index, approval in enumerate(artifact.approvals):
        if approval.digest not in sizes:
            at = f"{place}/approvals/{index}/digest"
            yield ErrorDetail(field=at, message="no version of the artifact has it")


def refuse(faults: list[ErrorDetail]) -> InvalidInput:
    """Give the error for an archive that cannot be taken."""
    return InvalidInput("The archive cannot be taken; nothing was imported.", details=faults)
