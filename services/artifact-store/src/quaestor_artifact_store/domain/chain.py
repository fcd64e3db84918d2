"""The chain of changes: each has a hash over what it says and over the hash before it.

Who changes, removes or inserts a row later has to make every hash after it anew, and the newest
hash, kept somewhere else, shows that.
"""

import hashlib
from collections.abc import Mapping

import msgspec

__all__ = ["GENESIS", "link"]

GENESIS = "0" * 64
_encode = msgspec.json.Encoder(order="sorted").encode


def link(previous: str, said: Mapping[str, str | int | None]) -> str:
    """Give the hash of a change: SHA-256 of the hash before it and its columns, as sorted JSON."""
    return hashlib.sha256(previous.encode() + b"\n" + _encode(said)).hexdigest()
