"""Whether data that one schema takes is taken by another."""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.schemas import SchemaReference

__all__ = [
    "Compatibility",
    "CompatibilityEnvelope",
    "CompatibilityReport",
    "CompatibilityRequest",
    "Direction",
    "SchemaBreak",
    "UndecidedPlace",
]


class Compatibility(StrEnum):
    """An answer that is never a guess.

    `compatible` is proved for every instance, `incompatible` shown by an instance. Where there is
    neither proof nor instance it is `unknown`.
    """

    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Who reads whose data, in the words of Confluent's Schema Registry.

    `backward`: who knows the new schema reads what was written by the old one, so the new one has
    to take every instance of the old one. `forward` is the other way round.
    """

    BACKWARD = "backward"
    FORWARD = "forward"


class CompatibilityRequest(Request, frozen=True, kw_only=True):
    """Compare two schemas, each inline or by name. Formats are asserted."""

    before: SchemaReference
    after: SchemaReference
    max_breaks: Annotated[int, Meta(ge=1, le=1_000)] = 100


class SchemaBreak(Reply, frozen=True, kw_only=True):
    """A keyword that turns away an instance of the other schema.

    `pointer` leads to the keyword: in `after` for backward, in `before` for forward.
    `instance_pointer` leads into `witness` to what it turns away. The witness was checked: one
    schema takes it, the other does not.
    """

    direction: Direction
    pointer: str
    keyword: str
    message: str
    instance_pointer: str
    witness: Any


class UndecidedPlace(Reply, frozen=True, kw_only=True):
    """A place of which it is neither proved nor disproved that nothing is turned away.

    `pointer` leads into the schema that `SchemaBreak` points into.
    """

    direction: Direction
    pointer: str
    message: str


class CompatibilityReport(Reply, frozen=True, kw_only=True):
    """Both directions, and `full`, which is both at once; schemas by name, or `inline`."""

    before: str
    after: str
    backward: Compatibility
    forward: Compatibility
    full: Compatibility
    breaks: tuple[SchemaBreak, ...]
    undecided: tuple[UndecidedPlace, ...]
    left_out: int = 0


class CompatibilityEnvelope(Envelope, frozen=True, kw_only=True):
    """A comparison of schemas, enveloped."""

    data: CompatibilityReport
