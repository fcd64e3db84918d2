"""Archives as files: tar and zip, written and read member by member. Everything here blocks."""

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Literal, Protocol

from quaestor_artifact_store.domain.archives import refuse
from quaestor_shared.contracts.errors import ErrorDetail

__all__ = [
    "ArchiveFormat",
    "ArchiveReader",
    "ArchiveWriter",
    "member_pieces",
    "open_archive",
    "write_archive",
]

ArchiveFormat = Literal["tar", "zip"]
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
_MOST_MEMBERS = 1_000_000
_PIECE = 1_048_576  # bytes


class ArchiveWriter(Protocol):
    """An archive that is being written."""

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Add a member of so many bytes."""

    def close(self) -> None:
        """Write the end of the archive; its file stays open."""


class ArchiveReader(Protocol):
    """An archive that is being read. What is broken raises InvalidInput."""

    def open(self, name: str) -> IO[bytes] | None:
        """Open a member, or give None where there is none."""

    def names(self) -> Iterable[str]:
        """Give the names of all members but folders."""


def write_archive(file: IO[bytes], form: ArchiveFormat, at: datetime) -> ArchiveWriter:
    """Begin an archive whose members were all made at one time: the same feature, same bytes."""
    return _Tar(file, at) if form == "tar" else _Zip(file, at)


def open_archive(file: IO[bytes]) -> ArchiveReader:
    """Open a tar, which may be compressed, or a zip. Raises InvalidInput for what is neither."""
    try:
        if zipfile.is_zipfile(file):
            file.seek(0)
            return _ZipReader(zipfile.ZipFile(file))
        file.seek(0)
        return _TarReader(tarfile.open(fileobj=file, mode="r:*"))
    except _BROKEN as error:
        raise _broken("neither a tar nor a zip that can be read") from error


class _Tar:
    def __init__(self, file: IO[bytes], at: datetime) -> None:
        self._tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self._at = int(at.timestamp())

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, self._at, 0o644
        self._tar.addfile(member, content)

    def close(self) -> None:
        self._tar.close()


class _Zip:
    def __init__(self, file: IO[bytes], at: datetime) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._at = at.timetuple()[:6]

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        member = zipfile.ZipInfo(name, self._at)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.file_size = size
        with self._zip.open(member, "w") as place:
            shutil.copyfileobj(content, place)

    def close(self) -> None:
        self._zip.close()


class _TarReader:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, tarfile.TarInfo] = {}
        self._names: list[str] = []
        try:
            for member in tar:
                name = member.name.removeprefix("./")
                if member.isreg():
                    self._members[name] = member
                if not member.isdir():
                    self._names.append(name)
                if len(self._names) > _MOST_MEMBERS:
                    raise _broken(f"more than {_MOST_MEMBERS} members")
        except _BROKEN as error:
            raise _broken("it ends early, or is damaged") from error

    def open(self, name: str) -> IO[bytes] | None:
        member = self._members.get(name)
        return None if member is None else self._tar.extractfile(member)

    def names(self) -> Iterable[str]:
        return self._names


class _ZipReader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._names = set(archive.namelist())

    def open(self, name: str) -> IO[bytes] | None:
        if name not in self._names:
            return None
        try:
            return self._zip.open(name)
        except (*_BROKEN, RuntimeError, NotImplementedError) as error:
            raise _broken(f"{name} cannot be read") from error

    def names(self) -> Iterable[str]:
        return [name for name in self._zip.namelist() if not name.endswith("/")]


def member_pieces(archive: ArchiveReader, name: str, size: int) -> Iterator[bytes]:
    """Read a member that should have so many bytes, piece by piece; none where there is none.

    A larger one is cut off one byte behind that, so that its size tells. Raises InvalidInput.
    """
    member = archive.open(name)
    left = size + 1
    while member is not None and left > 0:
        try:
            piece = member.read(min(_PIECE, left))
        except _BROKEN as error:
            raise _broken(f"{name} cannot be read") from error
        if not piece:
            return
        left -= len(piece)
        yield piece


def _broken(why: str) -> Exception:
    return refuse([ErrorDetail(field="body", message=why)])
