"""Garbage collection in artifact-store: what it is asked, and what it did."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["CollectionEnvelope", "CollectionView", "CreateCollection"]


class CreateCollection(Request, frozen=True, kw_only=True):
    """Ask for a collection; a `dry_run` only says what would be done.

    `grace_s`, in seconds, is how long a content that nothing names is left alone, and how long it
    stays between its mark and its removal.
    """

    grace_s: Annotated[int, Meta(ge=0, le=31_536_000)] = 86_400
    dry_run: bool = False


class CollectionView(Reply, frozen=True, kw_only=True):
    """What a collection did with contents, out of those that it `looked_at`.

    `marked`: nothing names them, and nobody reads them from now on. `removed`: marked a grace
    period ago, and gone now, with `removed_bytes` on disk. `waiting`: marked, and not yet removed.
    `forgotten`: marks of contents long gone. `unfinished`: what uploads that were cut off left.
    `expired_keys`: idempotency keys whose time was over.
    """

    looked_at: int
    marked: int
    removed: int
    removed_bytes: int
    waiting: int
    forgotten: int
    unfinished: int
    expired_keys: int


class CollectionEnvelope(Envelope, frozen=True, kw_only=True):
    """What a collection did, enveloped."""

    data: CollectionView
