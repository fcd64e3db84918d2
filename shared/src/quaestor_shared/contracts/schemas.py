"""Schemas by name and version: those that come with validator, and those users register."""

from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Digest, Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = [
    "SchemaEnvelope",
    "SchemaListEnvelope",
    "SchemaName",
    "SchemaReference",
    "SchemaView",
]

SchemaName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,63}\Z",
        description="A name: 1 to 64 lower-case letters, digits and hyphens, a letter first.",
        examples=["order"],
    ),
]
# `Annotated[str, Meta(pattern=...)] | dict` is what msgspec 0.22 confuses: the decoder of such a
# union crashes the interpreter when it is collected. So services check the name's form.
SchemaReference = Annotated[
    str | dict[str, Any] | bool,
    Meta(
        description="A schema's name, or its name and version (`backend`, `backend@1`, "
        "`backend@latest`), or a whole JSON Schema.",
        examples=["backend@1", {"type": "object"}],
    ),
]


class SchemaView(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """A schema by name and version; `document` only where one was asked for.

    Other schemas refer to it by `name@version`, by `id` (its own `$id`, or what stands for a
    missing one), and by `uri`, where it was registered with one. What is `built_in` has no
    digest, author and time.
    """

    name: str
    version: int
    id: str
    built_in: bool = False
    uri: str | None = None
    digest: Digest | None = None
    author: str | None = None
    created_at: Timestamp | None = None
    document: dict[str, Any] | bool | None = None


class SchemaEnvelope(Envelope, frozen=True, kw_only=True):
    """A schema, enveloped."""

    data: SchemaView


class SchemaListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of schemas, by name and version."""

    data: tuple[SchemaView, ...]
