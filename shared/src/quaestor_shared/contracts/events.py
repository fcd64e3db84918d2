"""What happened in the store, told to others: events in the form of CloudEvents 1.0.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Timestamp
from quaestor_shared.contracts.envelopes import Envelope

__all__ = ["EVENT_TYPES", "CloudEvent", "EventListEnvelope", "EventType"]

EVENT_TYPES = (
    *("approval.granted", "approval.withdrawn"),
    *("artifact.deleted", "artifact.purged", "artifact.restored"),
    *("blob.created", "blob.removed"),
    *("checkpoint.created", "checkpoint.deleted", "checkpoint.restored"),
    *("feature.deleted", "feature.imported", "feature.purged", "feature.restored"),
    *("journal.appended", "journal.created", "journal.deleted", "journal.snapshotted"),
    *("version.adopted", "version.created", "version.imported"),
    *("webhook.created", "webhook.deleted", "webhook.disabled", "webhook.replayed"),
    "webhook.updated",
)

EventType = Annotated[
    str,
    Meta(
        pattern=r"^[a-z_]{1,50}\.([a-z_]{1,50}|\*)\Z",
        description="A type of events, such as `version.created`, or a family: `version.*`.",
        examples=["version.*"],
    ),
]


class CloudEvent(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """An event. `id` is new for each; who gets one twice knows it by that.

    `subject` is the id of what changed, `data` what there is to know of it. The attributes after
    `data` are extensions: the position among all events, without gaps from 1, the feature, who
    asked for the change, and in which request.
    """

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: Timestamp
    datacontenttype: str
    data: dict[str, Any]
    position: int
    actor: str
    featureid: str | None = None
    correlationid: str | None = None


class EventListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of events, in the order in which they happened."""

    data: tuple[CloudEvent, ...]
