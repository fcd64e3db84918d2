"""The design as far as it is known, and where each of its leaves comes from."""

from enum import StrEnum
from typing import Any

from quaestor_shared.contracts.base import Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["Confidence", "DesignDraft", "DraftEnvelope", "Provenance"]


class Confidence(StrEnum):
    """How sure the requester was."""

    STATED = "stated"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"
    DEFAULT = "default"


class Provenance(Reply, frozen=True, kw_only=True):
    """Where a leaf comes from. `version` is the journal position of the answer."""

    question: str
    answer: str
    author: str
    at: Timestamp
    version: int
    confidence: Confidence = Confidence.STATED


class DesignDraft(Reply, frozen=True, kw_only=True):
    """The artifact so far; `design` lacks what is missing.

    `provenance` is keyed by JSON Pointer.
    """

    session_id: str
    feature_id: str
    version: int
    design: dict[str, Any]
    provenance: dict[str, Provenance]


class DraftEnvelope(Envelope, frozen=True, kw_only=True):
    """A draft, enveloped."""

    data: DesignDraft
