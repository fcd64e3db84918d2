"""Lists: what is asked for, what it is sorted by, and between which keys it lies."""

import hashlib
from enum import StrEnum
from typing import NamedTuple

import msgspec

from quaestor_shared.contracts.versions import ArtifactState, ArtifactView, VersionState

__all__ = [
    "ArtifactFilter",
    "ArtifactSort",
    "Bounds",
    "VersionFilter",
    "VersionSort",
    "after_prefix",
    "fingerprint",
]

Key = tuple[str, ...]
_AFTER_IDS = "~"  # sorts after every id
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class Bounds(NamedTuple):
    """The sort keys between which rows are read; neither is one of them."""

    lower: Key
    upper: Key | None = None

    def going_on(self, after: Key | None, *, down: bool) -> "Bounds":
        """Give what is left when rows up to `after` were read."""
        if after is None:
            return self
        return Bounds(self.lower, after) if down else Bounds(after, self.upper)


class ArtifactSort(StrEnum):
    """What a list of artifacts is sorted by; `-` in front means descending."""

    PATH = "path"
    PATH_DOWN = "-path"
    UPDATED = "updated_at"
    UPDATED_DOWN = "-updated_at"
    CREATED = "created_at"
    CREATED_DOWN = "-created_at"

    @property
    def column(self) -> str:
        """Name what is sorted by."""
        return self.removeprefix("-")

    @property
    def down(self) -> bool:
        """Say whether the largest comes first."""
        return self.startswith("-")


class VersionSort(StrEnum):
    """What a list of versions is sorted by; `-` in front means descending."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"

    @property
    def down(self) -> bool:
        """Say whether the largest comes first."""
        return self is VersionSort.NUMBER_DOWN


class ArtifactFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which artifacts are listed, and how sorted. `author` and `media_type` are the latest's.

    `since` is the first instant that counts and `until` the first that no longer does; both are
    about `updated_at`.
    """

    sort: ArtifactSort = ArtifactSort.PATH
    feature_id: str | None = None
    path: str | None = None
    path_prefix: str | None = None
    media_type: str | None = None
    author: str | None = None
    state: ArtifactState | None = None
    since: str | None = None
    until: str | None = None

    def bounds(self, sort: ArtifactSort | None = None) -> Bounds:
        """Give the keys between which the list lies, under its own sort or another."""
        column = (sort or self.sort).column
        if column == "updated_at":
            return Bounds((self.since or "", ""), (self.until, "") if self.until else None)
        if column == "created_at":
            return Bounds(("", ""))
        if self.path is not None:
            return Bounds((self.path, ""), (self.path, _AFTER_IDS))
        following = after_prefix(self.path_prefix or "")
        return Bounds((self.path_prefix or "", ""), (following, "") if following else None)

    @property
    def key_kinds(self) -> tuple[type, ...]:
        """Give the kinds of a sort key's parts."""
        return (str,) * (3 if self.sort.column == "path" else 2)

    def key_of(self, listed: ArtifactView) -> tuple[str, ...]:
        """Give the sort key of a listed artifact; no other has the same."""
        if self.sort.column == "path":
            return listed.feature_id, listed.path, listed.id
        at = listed.updated_at if self.sort.column == "updated_at" else listed.created_at
        return at, listed.id


class VersionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions of an artifact are listed, and how sorted; the times are `created_at`."""

    sort: VersionSort = VersionSort.NUMBER_DOWN
    label_prefix: str | None = None
    author: str | None = None
    state: VersionState | None = None
    since: str | None = None
    until: str | None = None


def after_prefix(prefix: str) -> str | None:
    """Give the first text after all that start with a prefix; None when none comes after.

    Texts are compared by code points, which is how databases compare their UTF-8 bytewise.
    """
    kept = prefix.rstrip(chr(_LAST_CHARACTER))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    if following in _SURROGATES:  # no text has one
        following = _SURROGATES.stop
    return kept[:-1] + chr(following)


def fingerprint(asked: object) -> str:
    """Give a short name of what is asked for; a cursor carries it and is good for nothing else."""
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:12]
