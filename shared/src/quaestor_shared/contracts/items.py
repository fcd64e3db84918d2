"""What answers are made of: names, phrases, and the items of lists.

An item is named; whatever else is known of it may be told along. `None` means "not said here".
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quaestor_shared.contracts.artifact import AuthMethod, Method, ProcessType, StorageKind

__all__ = [
    "EntityItem",
    "ExternalApiItem",
    "FieldSpec",
    "InternalApiItem",
    "Items",
    "Name",
    "Phrase",
    "ProcessItem",
    "StoreItem",
    "Word",
]

# A name stands in one-line notations, so the marks of those notations cannot be part of it.
# (?s) is not set and \Z ends it, so a name has no line break, first or last.
Name = Annotated[
    str,
    Meta(
        pattern=r"^[\w/]([\w./\- {}]*[\w./\-{}])?\Z",
        max_length=100,
        description="Starts with a letter, digit, `_` or `/`; then also `.`, `-`, braces, spaces.",
    ),
]
Phrase = Annotated[
    str, Meta(min_length=1, max_length=2_000, pattern=r"\S", description="Text that is not blank.")
]
Word = Annotated[str, Meta(pattern=r"^\S+\Z", max_length=100)]
Items = Meta(max_length=200)


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of an answer."""


class FieldSpec(_Value, frozen=True, kw_only=True):
    """A field of an entity: `email text unique` is a name, a type and one constraint."""

    name: Annotated[str, Meta(pattern=r"^[\w][\w.\-\[\]?]*\Z", max_length=100)]
    type: Word | None = None
    constraints: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()


class EntityItem(_Value, frozen=True, kw_only=True):
    """An entity by name, with whatever is known of it already."""

    name: Name
    fields: Annotated[tuple[FieldSpec, ...], Meta(min_length=1, max_length=500)] | None = None
    relationships: Annotated[tuple[Name, ...], Items] | None = None
    expected_growth: Phrase | None = None


class ExternalApiItem(_Value, frozen=True, kw_only=True):
    """An external API by its provider."""

    name: Name
    endpoint: Phrase | None = None
    auth_method: AuthMethod | None = None
    rate_limits: Phrase | None = None
    sla: Phrase | None = None


class InternalApiItem(_Value, frozen=True, kw_only=True):
    """An API that the backend exposes."""

    name: Name
    methods: Annotated[tuple[Method, ...], Meta(min_length=1, max_length=7)] | None = None
    payload_examples: dict[Method, Any] | None = None
    sla: Phrase | None = None


class ProcessItem(_Value, frozen=True, kw_only=True):
    """A job, pipeline or task by name."""

    name: Name
    description: Phrase | None = None
    mode: ProcessType | None = None
    sla: Phrase | None = None


class StoreItem(_Value, frozen=True, kw_only=True):
    """A store by its kind; `technology` tells two of one kind apart."""

    kind: StorageKind
    technology: Name | None = None
    notes: Phrase | None = None
