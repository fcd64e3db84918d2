"""Sections of a Markdown document that several authors write to, each in a section of its own."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Digest, Reply, Request, ShortText
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.versions import Label

__all__ = ["PutSection", "SectionEnvelope", "SectionListEnvelope", "SectionView"]


class SectionView(Reply, frozen=True, kw_only=True):
    """A section between its two markers.

    `owner` is the text of its heading, `text` all between the markers, `digest` that of `text`.
    Lines count from 1 and are those of the markers.
    """

    owner: str
    level: int
    text: str
    digest: Digest
    first_line: int
    last_line: int


class PutSection(Request, frozen=True, kw_only=True):
    """A section's new text, which begins with its heading; the markers are put around it."""

    text: Annotated[str, Meta(min_length=1, max_length=5_000_000)]
    label: Label | None = None
    session_id: ShortText | None = None
    script_version: ShortText | None = None


class SectionEnvelope(Envelope, frozen=True, kw_only=True):
    """A section, enveloped."""

    data: SectionView


class SectionListEnvelope(Envelope, frozen=True, kw_only=True):
    """The sections of a document, in their order."""

    data: tuple[SectionView, ...]
