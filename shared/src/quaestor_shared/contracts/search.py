"""What a search in artifact-store answers."""

from quaestor_shared.contracts.base import Digest, Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["SearchHit", "SearchListEnvelope", "SearchPlace"]


class SearchPlace(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """A place in a content where something was found.

    `pointer` is a JSON Pointer (RFC 6901) in JSON; in a text, `heading` is the one above and
    `line` counts from 1. `highlights` are pairs of start and end in `snippet`, in code points;
    `html` is the snippet, escaped, with `<mark>` around them.
    """

    snippet: str
    highlights: tuple[tuple[int, int], ...] = ()
    html: str = ""
    pointer: str | None = None
    heading: str | None = None
    line: int | None = None


class SearchHit(Reply, frozen=True, kw_only=True):
    """A version that was found, and where in it. The lower `score`, the better; 0 without words."""

    artifact_id: str
    feature_id: str
    path: str
    number: int
    digest: Digest
    media_type: str
    author: str
    created_at: Timestamp
    label: str | None
    score: float
    places: tuple[SearchPlace, ...]


class SearchListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of what was found, the best first."""

    data: tuple[SearchHit, ...]
