"""Where the hashes of API keys are kept: a file that only its owner can read."""

import os
import secrets
from pathlib import Path

import msgspec

from quaestor_gateway.domain.keys import KeyHash, NewKey, make_key

__all__ = ["KeyFile", "new_key"]


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    hash: str
    name: str


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    keys: tuple[_Entry, ...] = ()


def new_key(name: str) -> NewKey:
    """Make a key of fresh random bits."""
    return make_key(secrets.token_hex(6), secrets.token_urlsafe(32), name)


class KeyFile:
    """The keys of a gateway, in `keys.json` of its data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "keys.json"

    def read(self) -> list[KeyHash]:
        """Give the keys that are kept; none where there is no file.

        Raises ValueError for a file that cannot be read: a gateway does not start on a guess.
        """
        try:
            content = msgspec.json.decode(self._file.read_bytes(), type=_Content)
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as error:
            raise ValueError(f"{self._file} cannot be read: {error}") from error
        if any(":" in entry.name for entry in content.keys):
            raise ValueError(f"{self._file} has a key whose name has a colon; services have those")
        return [KeyHash(entry.id, entry.hash, entry.name) for entry in content.keys]

    def add(self, name: str) -> str:
        """Make a key, keep its hash, and give its text: the only time that it is to be had."""
        made = new_key(name)
        entries = [_Entry(**key._asdict()) for key in [*self.read(), made.kept]]
        self._write(msgspec.json.format(msgspec.json.encode(_Content(keys=tuple(entries)))))
        return made.text

    def _write(self, content: bytes) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._file)
