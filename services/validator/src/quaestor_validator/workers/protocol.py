"""What a worker is told and what it says: MessagePack, each message after its length.

A worker is never believed: its words are decoded into these Structs, and nothing else.
"""

from collections.abc import Callable

import msgspec

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.service.faults import Fault
from quaestor_validator.domain.compatibility.report import Lost

__all__ = [
    "LONGEST_MESSAGE",
    "BadSchema",
    "Compare",
    "Compared",
    "Defect",
    "Job",
    "Learn",
    "Message",
    "Needs",
    "OutOfMemory",
    "Outcome",
    "Schema",
    "Task",
    "Unread",
    "Verdict",
    "frame",
    "read_message",
    "read_outcome",
]

LONGEST_MESSAGE = 64 * 1024 * 1024  # bytes


class Schema(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A schema's text and the URI that its references start from."""

    base: str
    text: bytes


class Learn(msgspec.Struct, frozen=True, kw_only=True, tag="learn", array_like=True):
    """Schemas by the URIs that others refer to them by, and URIs that there is nothing at."""

    known: dict[str, Schema]
    absent: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True, tag="job", array_like=True):
    """Check an instance, or, without one, the schema itself.

    `schema` is the URI of one that is registered, or one inline. `most` bounds the faults.
    """

    schema: str | Schema
    instance: bytes | None
    formats: bool = True
    most: int = 100


class Compare(msgspec.Struct, frozen=True, kw_only=True, tag="compare", array_like=True):
    """Look for a proof that `new` takes every instance of `old`, or for instances it does not."""

    old: str | Schema
    new: str | Schema
    prove: bool


class Compared(msgspec.Struct, frozen=True, kw_only=True, tag="compared", array_like=True):
    """The instances that are lost, or the places in the new schema that are not proved."""

    lost: tuple[Lost, ...] = ()
    unproved: tuple[tuple[str | int, ...], ...] = ()
    retire: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True, tag="verdict", array_like=True):
    """The instance's faults, and how many more there are. None means valid.

    `twice` where names stand in one object twice; the last of them was looked at.
    """

    faults: tuple[Fault, ...] = ()
    left_out: int = 0
    twice: bool = False
    retire: bool = False


class BadSchema(msgspec.Struct, frozen=True, kw_only=True, tag="bad_schema", array_like=True):
    """What keeps the schema from being one, each fault at its place in it."""

    faults: tuple[ErrorDetail, ...]


class Unread(msgspec.Struct, frozen=True, kw_only=True, tag="unread", array_like=True):
    """The instance is not JSON that is taken."""

    message: str
    faults: tuple[ErrorDetail, ...]


class Needs(msgspec.Struct, frozen=True, kw_only=True, tag="needs", array_like=True):
    """The schema refers to these, and the worker does not have them."""

    uris: tuple[str, ...]


class OutOfMemory(msgspec.Struct, frozen=True, kw_only=True, tag="memory", array_like=True):
    """The job took more memory than it may."""


class Defect(msgspec.Struct, frozen=True, kw_only=True, tag="defect", array_like=True):
    """The worker met what it should not have met; for the log."""

    trace: str


Task = Job | Compare
Message = Learn | Task
Outcome = Verdict | Compared | BadSchema | Unread | Needs | OutOfMemory | Defect

_encode = msgspec.msgpack.Encoder().encode
read_message: Callable[[bytes], Message] = msgspec.msgpack.Decoder(Message).decode
read_outcome: Callable[[bytes], Outcome] = msgspec.msgpack.Decoder(Outcome).decode


def frame(message: Message | Outcome) -> bytes:
    """Write a message with its length before it."""
    content = _encode(message)
    return len(content).to_bytes(4, "big") + content
