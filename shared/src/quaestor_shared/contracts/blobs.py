"""Contents by their digest, as artifact-store keeps them."""

from quaestor_shared.contracts.base import Digest, Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["BlobEnvelope", "BlobUrlEnvelope", "BlobUrlView", "BlobView"]


class BlobView(Reply, frozen=True, kw_only=True):
    """A content: `size` in bytes, the media type it first came with, false `created` if known."""

    digest: Digest
    size: int
    media_type: str
    created: bool = True


class BlobUrlView(Reply, frozen=True, kw_only=True):
    """An address from which a content can be had without a key, until `expires_at`.

    What comes from there passes nobody who checks it: compare its SHA-256 with the digest.
    """

    url: str
    expires_at: Timestamp


class BlobEnvelope(Envelope, frozen=True, kw_only=True):
    """A content, enveloped."""

    data: BlobView


class BlobUrlEnvelope(Envelope, frozen=True, kw_only=True):
    """An address, enveloped."""

    data: BlobUrlView
