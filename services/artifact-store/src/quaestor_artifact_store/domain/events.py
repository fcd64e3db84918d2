"""Changes as the events that others are told of."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.audit import AuditEntry
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.events import CloudEvent, EventType
from quaestor_shared.errors import InvalidInput

__all__ = ["Wanted", "event_of", "message", "read_types"]

_SOURCE = "urn:quaestor:artifact-store"
_EVERY = ".*"


class Wanted:
    """Which events somebody wants to be told of: by feature, and by type or family of types.

    A family is written `version.*`; no types means all of them.
    """

    def __init__(self, feature_id: str | None = None, types: Collection[str] = ()) -> None:
        self.feature_id = feature_id
        self.types = frozenset(types)
        self._families = tuple(each[:-1] for each in self.types if each.endswith(_EVERY))

    def __contains__(self, change: AuditEntry) -> bool:
        if self.feature_id not in (None, change.feature_id):
            return False
        if not self.types or change.type in self.types:
            return True
        return change.type.startswith(self._families)

    @property
    def only_type(self) -> str | None:
        """The one type that is wanted, where it is one and no family."""
        return next(iter(self.types)) if len(self.types) == 1 and not self._families else None


def read_types(given: Sequence[str]) -> Sequence[str]:
    """Give types back that somebody asks for. Raises InvalidInput for what is no type of events."""
    try:
        return msgspec.convert(given, tuple[EventType, ...])
    except msgspec.ValidationError as error:
        fault = ErrorDetail(
            field="type", message="must be a type of events or a family", example="version.*"
        )
        raise InvalidInput("There is no such type of events.", details=[fault]) from error


def event_of(change: AuditEntry) -> CloudEvent:
    """Give the event that tells of a change."""
    return CloudEvent(
        specversion="1.0",
        id=change.id,
        source=_SOURCE,
        type=change.type,
        subject=change.subject,
        time=change.created_at,
        datacontenttype="application/json",
        data=change.data,
        position=change.position,
        actor=change.actor,
        featureid=change.feature_id,
        correlationid=change.correlation_id,
    )


def message(*, position: int, data: bytes | None = None, **fields: Any) -> bytes:  # noqa: ANN401
    """Write a message of an event stream (HTML, 9.2): it sets the last event id to `position`.

    One without data dispatches nothing, and is good for keeping a line alive.
    """
    lines = [f"{name}: {value}".encode() for name, value in fields.items()]
    lines.append(b"id: %d" % position)
    if data is not None:
        lines.append(b"data: " + data)
    return b"\n".join(lines) + b"\n\n"
