"""The one shape of every success; `errors` has the one shape of every failure.

Each envelope that a route answers with is a named Struct beside its data (`SessionEnvelope` in
`sessions`), because generic Structs get module-dependent names in OpenAPI documents.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.base import Reply

__all__ = ["Envelope", "Meta", "Pagination"]


class Pagination(Reply, frozen=True, kw_only=True):
    """Where a list goes on.

    `next` is the opaque cursor of the following page, or null on the last one. `total` counts what
    all pages hold together; it is there only when `count=true` asked for it.
    """

    limit: int
    next: str | None = None
    total: int | UnsetType = UNSET


class Meta(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """What is said about an answer rather than in it.

    `dry_run` is there, and true, when nothing was written.
    """

    correlation_id: str | None = None
    pagination: Pagination | None = None
    dry_run: bool = False


class Envelope(Reply, frozen=True, kw_only=True):
    """The base of every success: `{"success": true, "data": ..., "meta": {...}}`."""

    success: Literal[True] = True
    meta: Meta = Meta()
