"""The chain of changes: each has a hash over what it says and over the hash before it.

Who changes, removes or inserts a row later has to make every hash after it anew, and the newest
hash, kept somewhere else, shows that.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

__all__ = ["COLUMNS", "GENESIS", "START", "Fault", "Link", "follow", "link"]

GENESIS = "0" * 64
# What the hash of a change is over, beside the hash before it.
COLUMNS = (
    *("position", "id", "type", "feature_id", "subject", "actor", "correlation_id", "data"),
    "created_at",
)
_encode = msgspec.json.Encoder(order="sorted").encode


def link(previous: str, said: Mapping[str, str | int | None]) -> str:
    """Give the hash of a change: SHA-256 of the hash before it and its columns, as sorted JSON."""
    return hashlib.sha256(previous.encode() + b"\n" + _encode(said)).hexdigest()


class Link(NamedTuple):
    """Where the chain was followed to: a position and the hash that has to be there."""

    position: int
    hash: str


START = Link(0, GENESIS)


class Fault(NamedTuple):
    """Where the chain does not hold, and why: `missing`, `unlinked` or `altered`."""

    position: int
    reason: str
    expected: str | None
    found: str | None


def follow(after: Link, changes: Iterable[Mapping[str, Any]]) -> tuple[Link, Fault | None]:
    """Follow the chain through changes in the order of their positions, up to the first fault."""
    last = after
    for change in changes:
        fault = _fault(last, change)
        if fault is not None:
            return last, fault
        last = Link(change["position"], change["hash"])
    return last, None


def _fault(last: Link, change: Mapping[str, Any]) -> Fault | None:
    position, expected = change["position"], last.position + 1
    if position > expected:
        return Fault(expected, "missing", None, None)
    if change["previous_hash"] != last.hash:
        return Fault(position, "unlinked", last.hash, change["previous_hash"])
    hashed = link(last.hash, {name: change[name] for name in COLUMNS})
    if position < expected or hashed != change["hash"]:
        return Fault(position, "altered", hashed, change["hash"])
    return None
