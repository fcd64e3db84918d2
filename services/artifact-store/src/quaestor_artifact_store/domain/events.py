"""Changes as the events that others are told of."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any

from quaestor_shared.contracts.audit import AuditEntry
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.events import EVENT_TYPES, CloudEvent
from quaestor_shared.errors import InvalidInput

__all__ = ["Wanted", "event_of", "faults_of_types", "message", "read_types"]

_SOURCE = "urn:quaestor:artifact-store"
_EVERY = ".*"
_FAMILIES = sorted({f"{each.partition('.')[0]}{_EVERY}" for each in EVENT_TYPES})
_KNOWN = (*EVENT_TYPES, *_FAMILIES)


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


def faults_of_types(given: Sequence[str], place: str) -> list[ErrorDetail]:
    """List what is no type of events, and no family of any: nobody would ever be told of one."""
    return [
        ErrorDetail(
            field=f"{place}/{index}" if place.startswith("/") else place,
            message=f"there is no type of events `{text[:100]}`{_meant(text)}",
            example="version.*",
        )
        for index, text in enumerate(given)
        if text not in _KNOWN
    ]


def _meant(text: str) -> str:
    close = get_close_matches(text[:100], _KNOWN, 1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; families are {', '.join(f'`{each}`' for each in _FAMILIES)}"


def read_types(given: Sequence[str]) -> Sequence[str]:
    """Give types back that somebody asks for. Raises InvalidInput for what is no type of events."""
    if faults := faults_of_types(given, "type"):
        raise InvalidInput("There is no such type of events.", details=faults)
    return given


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
