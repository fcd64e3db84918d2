"""What a session's journal is made of."""

from typing import Any

import msgspec

from quaestor_shared.contracts.answers import Answer
from quaestor_shared.contracts.draft import Confidence

__all__ = [
    "Answered",
    "Event",
    "Finalized",
    "Refusal",
    "Started",
    "StoredFile",
    "from_data",
    "to_data",
]


class _Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """The base of every event; `at` is RFC 3339 in UTC."""

    at: str
    author: str


class Started(_Event, frozen=True, kw_only=True, tag="started"):
    """The interview began, with this script."""

    feature_id: str
    profile: str
    script_version: str


class Answered(_Event, frozen=True, kw_only=True, tag="answered"):
    """A question was answered. `item` is what a repeated question was about."""

    question: str
    answer: Answer
    item: str | None = None
    confidence: Confidence = Confidence.STATED


class Refusal(_Event, frozen=True, kw_only=True, tag="refused"):
    """An answer was refused in a turn that had others; kept for the improvement ideas."""

    question: str


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an outcome, as far as it is known before it is stored."""

    path: str
    digest: str


class Finalized(_Event, frozen=True, kw_only=True, tag="finalized"):
    """The design was finalized under a label, as it stood after the answer `draft_version`."""

    label: str
    draft_version: int
    files: tuple[StoredFile, ...]


Event = Started | Answered | Refusal | Finalized


def to_data(event: Event) -> tuple[str, dict[str, Any]]:
    """Give an event as a type and a JSON object."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    return data.pop("type"), data


def from_data(kind: str, data: dict[str, Any]) -> Event:
    """Read an event back. Raises msgspec.ValidationError for one of a newer kind."""
    event: Event = msgspec.convert({"type": kind, **data}, Event)
    return event
