"""What is different between two versions, and what a merge of three makes of it."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quaestor_shared.contracts.base import Digest, Reply
from quaestor_shared.contracts.envelopes import Envelope

__all__ = [
    "Comparison",
    "ComparisonEnvelope",
    "Conflict",
    "ContentKind",
    "JsonChange",
    "Merge",
    "SectionChange",
    "Side",
]


class ContentKind(StrEnum):
    """How two contents were compared: by pointer, by section, by line, or as bytes."""

    JSON = "json"
    MARKDOWN = "markdown"
    TEXT = "text"
    BINARY = "binary"


class Side(Reply, frozen=True, kw_only=True):
    """One of the versions that are compared."""

    number: int
    digest: Digest
    label: str | None = None


class JsonChange(Reply, frozen=True, kw_only=True):
    """A change at a JSON Pointer: an operation of a JSON Patch (RFC 6902), and what was there.

    All changes in their order are the patch. What was added had nothing `before`.
    """

    op: Annotated[str, Meta(description="`add`, `remove` or `replace`.")]
    path: str
    value: Any = msgspec.UNSET
    before: Any = msgspec.UNSET


class SectionChange(Reply, frozen=True, kw_only=True):
    """A section of a Markdown document that is not the same.

    `section` is its headings from the top, `change` is `added`, `removed` or `changed`; `diff` has
    the lines, in the unified form.
    """

    section: tuple[str, ...]
    change: str
    diff: str


class Comparison(Reply, frozen=True, kw_only=True):
    """What is different from one version to the other.

    `changes` is for JSON, `sections` for Markdown, and `diff` (unified) for other texts. What is
    too long to be compared, or none of these, says only whether it is `identical`.
    """

    kind: ContentKind
    identical: bool
    before: Side
    after: Side
    changes: tuple[JsonChange, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    diff: str = ""


class Conflict(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """A place that both sides changed, each in its own way.

    `pointer` in JSON; in a text the `line` that it starts at in the base, from 1. What a side does
    not have is absent.
    """

    pointer: str | None = None
    line: int | None = None
    base: Any = msgspec.UNSET
    theirs: Any = msgspec.UNSET
    yours: Any = msgspec.UNSET


class Merge(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """What a three-way merge gave: the merged `text`, or the places that need a person."""

    clean: bool
    base_version: int
    text: str | None = None
    conflicts: tuple[Conflict, ...] = ()


class ComparisonEnvelope(Envelope, frozen=True, kw_only=True):
    """A comparison, enveloped."""

    data: Comparison
