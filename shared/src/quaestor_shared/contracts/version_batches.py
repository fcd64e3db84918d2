"""Batches of versions: several in one request."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.errors import ErrorBody
from quaestor_shared.contracts.versions import CreateVersion, VersionView

__all__ = ["CreateBatch", "VersionBatch", "VersionBatchEnvelope", "VersionBatchItem"]


class CreateBatch(Request, frozen=True, kw_only=True):
    """Versions to create, in their order and in one transaction.

    When `atomic`, all of them or none; else each that can be, whatever becomes of the others.
    """

    versions: Annotated[tuple[CreateVersion, ...], Meta(min_length=1, max_length=100)]
    atomic: bool = True


class VersionBatchItem(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one version: `status` is what the same request alone would be answered with.

    `version` is there below 400, `error` from 400 on.
    """

    status: int
    version: VersionView | None = None
    error: ErrorBody | None = None


class VersionBatch(Reply, frozen=True, kw_only=True):
    """What became of each version of a batch, in the order they were sent."""

    items: tuple[VersionBatchItem, ...]


class VersionBatchEnvelope(Envelope, frozen=True, kw_only=True):
    """What became of a batch, enveloped."""

    data: VersionBatch
