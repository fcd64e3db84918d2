"""API keys: `qst_<id>_<secret>`, of which only a hash is kept.

The secret has 256 random bits, so nobody can guess it from its hash and plain SHA-256 is enough:
slow hashes are for passwords, which people choose.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["KeyHash", "KeyRing", "NewKey", "hash_of", "make_key", "read_hashes"]

_KEY = re.compile(r"qst_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_HASH = re.compile(r"([0-9a-f]{12}):([0-9a-f]{64})")


class KeyHash(NamedTuple):
    """A key as it is kept: its id, the SHA-256 of the whole key, and what it is for."""

    id: str
    hash: str
    name: str


class NewKey(NamedTuple):
    """A key as it is given out, once, and as it is kept."""

    text: str
    kept: KeyHash


def make_key(key_id: str, secret: str, name: str) -> NewKey:
    """Make a key of 12 hexadecimal digits and 43 random characters (256 bits)."""
    text = f"qst_{key_id}_{secret}"
    if _KEY.fullmatch(text) is None:
        raise ValueError("a key needs an id of 12 hexadecimal digits and a secret of 43 characters")
    if ":" in name:  # `<service>:<name>` is how services write on behalf of a key
        raise ValueError("a key's name has no colon")
    return NewKey(text, KeyHash(key_id, hash_of(text), name))


def hash_of(text: str) -> str:
    """Give the SHA-256 of a key in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_hashes(text: str) -> list[KeyHash]:
    """Read `<id>:<hash>` entries parted by commas. Raises ValueError for one that is none."""
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    matches = [_HASH.fullmatch(entry) for entry in entries]
    if not all(matches):
        raise ValueError("each key hash must be `<id>:<64 hexadecimal digits>`")
    return [KeyHash(match[1], match[2], match[1]) for match in matches if match is not None]


class KeyRing:
    """The keys that are taken: none before `load`."""

    def __init__(self, keys: Iterable[KeyHash] = ()) -> None:
        self.load(keys)

    def load(self, keys: Iterable[KeyHash]) -> None:
        """Take these keys, and no others, from now on."""
        self._keys = {key.id: key for key in keys}

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, text: str) -> KeyHash | None:
        """Give the key that a text is, or None. Takes as long for a wrong secret as for a right."""
        match = _KEY.fullmatch(text)
        key = self._keys.get(match[1]) if match is not None else None
        if key is None or not hmac.compare_digest(hash_of(text), key.hash):
            return None
        return key
