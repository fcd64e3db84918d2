"""Append-only event streams, as artifact-store keeps them."""

from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import FeatureId, Reply, Request, ShortText, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = [
    "AppendEvents",
    "CreateJournal",
    "EventInput",
    "EventView",
    "JournalEnvelope",
    "JournalListEnvelope",
    "JournalSummary",
    "JournalSummaryEnvelope",
    "JournalView",
    "PutSnapshot",
    "SnapshotEnvelope",
    "SnapshotView",
]


class EventInput(Request, frozen=True, kw_only=True):
    """An event to append; `data` is any JSON object and stays opaque to the store."""

    type: ShortText
    data: dict[str, Any]


class CreateJournal(Request, frozen=True, kw_only=True):
    """Open a journal. `key` is unique among the journals that are not deleted."""

    key: ShortText
    feature_id: FeatureId
    events: Annotated[tuple[EventInput, ...], Meta(max_length=1_000)] = ()


class AppendEvents(Request, frozen=True, kw_only=True):
    """Append all events or none: only while the journal stands at `expected_version`."""

    expected_version: Annotated[int, Meta(ge=0)]
    events: Annotated[tuple[EventInput, ...], Meta(min_length=1, max_length=1_000)]


class EventView(Reply, frozen=True, kw_only=True):
    """An event with its position: the first of a journal has version 1."""

    version: int
    type: str
    data: dict[str, Any]
    at: Timestamp


class PutSnapshot(Request, frozen=True, kw_only=True):
    """What the events of a journal up to a version come to: any JSON object, opaque here."""

    data: dict[str, Any]


class SnapshotView(Reply, frozen=True, kw_only=True):
    """What the events up to and with `version` come to, as somebody put it `at` a time."""

    version: int
    data: dict[str, Any]
    at: Timestamp


class JournalSummary(Reply, frozen=True, kw_only=True):
    """A journal without its events. `version` is the position of its last event, 0 if none."""

    id: str
    key: str
    feature_id: str
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class JournalView(JournalSummary, frozen=True, kw_only=True):
    """A journal with the events after the position that was asked for.

    Read from its snapshot, it has that and the events after it. `more` says that the page ended
    before the journal did.
    """

    events: tuple[EventView, ...]
    more: bool = False
    snapshot: SnapshotView | None = None


class JournalEnvelope(Envelope, frozen=True, kw_only=True):
    """A journal, enveloped."""

    data: JournalView


class SnapshotEnvelope(Envelope, frozen=True, kw_only=True):
    """A snapshot, enveloped."""

    data: SnapshotView


class JournalSummaryEnvelope(Envelope, frozen=True, kw_only=True):
    """A journal without its events, enveloped."""

    data: JournalSummary


class JournalListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of journals, newest first."""

    data: tuple[JournalSummary, ...]
