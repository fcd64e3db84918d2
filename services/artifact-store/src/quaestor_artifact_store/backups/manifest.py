"""What a backup says of itself: everything that a restore checks it by."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from quaestor_shared.errors import InvalidInput

__all__ = ["DATABASE", "MANIFEST", "Manifest", "file_digest", "read_manifest", "write_manifest"]

DATABASE = "store.db"
MANIFEST = "manifest.json"
_FORMAT = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of a backup.

    `database` is the SHA-256 of its file of rows, `steps` those of the schema it has, `rows` how
    many rows each table has, `position` and `hash` where the chain of changes ends. `contents` are
    the contents by digest, with their sizes in bytes; `lost` those that rows name and that could
    not be read when the backup was made.
    """

    format: int = _FORMAT
    created_at: str
    database: str
    steps: tuple[str, ...]
    rows: Mapping[str, int]
    position: int
    hash: str
    contents: Mapping[str, int]
    lost: tuple[str, ...] = ()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last of all: a folder without one is no backup."""
    written = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (folder / MANIFEST).write_bytes(written)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest. Raises InvalidInput for a folder that is no backup of ours."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise InvalidInput(
            f"{folder} is no backup, or not a finished one: it has no {MANIFEST}."
        ) from None
    except msgspec.DecodeError as error:
        raise InvalidInput(f"{folder / MANIFEST} cannot be read: {error}.") from error
    if manifest.format != _FORMAT:
        raise InvalidInput(
            f"{folder} has the format {manifest.format}, which a newer version made."
        )
    return manifest


def file_digest(file: Path) -> str:
    """Give the SHA-256 of a file."""
    with file.open("rb") as opened:
        return f"sha256:{hashlib.file_digest(opened, 'sha256').hexdigest()}"
