"""What an archive is made of, and how one is refused."""

from quaestor_shared.contracts.archives import Archive
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["MANIFEST", "MOST_FAULTS", "contents_of", "member_of", "refuse"]

MANIFEST = "manifest.json"
MOST_FAULTS = 100  # that are told of one archive


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


def refuse(faults: list[ErrorDetail]) -> InvalidInput:
    """Give the error for an archive that cannot be taken."""
    return InvalidInput("The archive cannot be taken; nothing was imported.", details=faults)
