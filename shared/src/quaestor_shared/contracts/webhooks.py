"""Webhooks: addresses that events are sent to, and how each sending went."""

from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from quaestor_shared.contracts.base import FeatureId, Reply, Request, ShortText, Timestamp
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.events import EventType

__all__ = [
    "CreateWebhook",
    "CreatedWebhook",
    "CreatedWebhookEnvelope",
    "DeliveryEnvelope",
    "DeliveryListEnvelope",
    "DeliveryState",
    "DeliveryView",
    "ReplayEnvelope",
    "ReplayRequest",
    "Replayed",
    "UpdateWebhook",
    "WebhookEnvelope",
    "WebhookListEnvelope",
    "WebhookView",
]

WebhookUrl = Annotated[
    str,
    Meta(
        pattern=r"^https?://[^\s\x00-\x1f\x7f]+\Z",
        max_length=2_000,
        description="http or https, without a user name and a fragment.",
        examples=["https://example.com/hooks/quaestor"],
    ),
]
WebhookSecret = Annotated[
    str,
    Meta(
        pattern=r"^whsec_[A-Za-z0-9+/]{32,88}={0,2}\Z",
        description="`whsec_` and 24 to 64 random bytes in base64 (Standard Webhooks).",
    ),
]
EventTypes = Annotated[tuple[EventType, ...], Meta(max_length=50)]
Position = Annotated[int, Meta(ge=0, le=2**53)]


class CreateWebhook(Request, frozen=True, kw_only=True):
    """Send events to a URL: those of `types` (all where there are none) and of a feature.

    It begins with what happens next, or after the position `after`. Without a `secret` one is
    made; it is in this reply and in none that follows.
    """

    url: WebhookUrl
    secret: WebhookSecret | None = None
    types: EventTypes = ()
    feature_id: FeatureId | None = None
    active: bool = True
    after: Position | None = None


class UpdateWebhook(Request, frozen=True, kw_only=True):
    """Change what is sent; what is left out stays. Made active, it goes on where it stopped."""

    url: WebhookUrl | UnsetType = UNSET
    secret: WebhookSecret | UnsetType = UNSET
    types: EventTypes | UnsetType = UNSET
    feature_id: FeatureId | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


class WebhookView(Reply, frozen=True, kw_only=True):
    """A webhook. Events up to `position` were sent or are waiting in its deliveries.

    `disabled_reason` is `gone` when the receiver answered 410. After several failures in a row
    (`failures`) nothing is sent before `paused_until`.
    """

    id: str
    url: str
    types: tuple[str, ...]
    feature_id: str | None
    active: bool
    position: int
    failures: int
    paused_until: Timestamp | None
    disabled_reason: str | None
    created_by: str
    created_at: Timestamp
    updated_at: Timestamp


class CreatedWebhook(WebhookView, frozen=True, kw_only=True):
    """A webhook that was just made, and the secret that its deliveries are signed with."""

    secret: str


class DeliveryState(StrEnum):
    """How far a delivery is: waiting for its next attempt, taken, or given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class DeliveryView(Reply, frozen=True, kw_only=True):
    """The sending of one event to one webhook. A test ping has position 0.

    `status` and `error` are those of the last attempt, `due_at` is when the next comes.
    """

    id: str
    webhook_id: str
    position: int
    type: str
    state: str
    attempts: int
    due_at: Timestamp
    status: int | None
    error: str | None
    created_at: Timestamp
    updated_at: Timestamp


class ReplayRequest(Request, frozen=True, kw_only=True):
    """What to send again: one delivery, all that were given up (`dead`), or a range of events.

    The range is from the one after `after` up to and with `to`, filtered as the webhook is.
    """

    delivery_id: ShortText | None = None
    dead: bool = False
    after: Position | None = None
    to: Position | None = None


class Replayed(Reply, frozen=True, kw_only=True):
    """How many deliveries wait to be sent again."""

    deliveries: int


class WebhookEnvelope(Envelope, frozen=True, kw_only=True):
    """A webhook, enveloped."""

    data: WebhookView


class CreatedWebhookEnvelope(Envelope, frozen=True, kw_only=True):
    """A webhook that was just made, enveloped."""

    data: CreatedWebhook


class WebhookListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of webhooks, newest first."""

    data: tuple[WebhookView, ...]


class DeliveryEnvelope(Envelope, frozen=True, kw_only=True):
    """A delivery, enveloped."""

    data: DeliveryView


class DeliveryListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of deliveries, newest first."""

    data: tuple[DeliveryView, ...]


class ReplayEnvelope(Envelope, frozen=True, kw_only=True):
    """How much is sent again, enveloped."""

    data: Replayed
