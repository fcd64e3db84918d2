"""What changed from one artifact to another, and whether what relied on the first still can."""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta

from quaestor_shared.contracts.base import Reply, Request, ShortText
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.findings import PatchOperation

__all__ = [
    "Change",
    "ChangeCounts",
    "ChangeKind",
    "ChangeRuleListEnvelope",
    "ChangeRuleView",
    "DiffEnvelope",
    "DiffReport",
    "DiffRequest",
    "DiffSide",
    "FailOn",
    "Place",
    "Rename",
    "Witness",
    "WitnessKind",
]


class ChangeKind(StrEnum):
    """What a change does to those who rely on the design.

    `breaking`: a request, row, call or promise that was fine before is not now. `additive`: all of
    that is as fine as before, and there is more. `documentation`: people read it, nothing relies
    on it.
    """

    BREAKING = "breaking"
    ADDITIVE = "additive"
    DOCUMENTATION = "documentation"


class FailOn(StrEnum):
    """The least change that fails a comparison: `any` is every change, `never` is none."""

    NEVER = "never"
    BREAKING = "breaking"
    ADDITIVE = "additive"
    ANY = "any"


class DiffSide(Request, frozen=True, kw_only=True):
    """An artifact: as a `document`, or by the `artifact_id` and `version` it is stored under.

    Without `version` the latest is meant.
    """

    document: Any = UNSET
    artifact_id: ShortText | None = None
    version: Annotated[int, Meta(ge=1)] | None = None


class DiffRequest(Request, frozen=True, kw_only=True):
    """Compare two artifacts of the schema `backend`."""

    before: DiffSide
    after: DiffSide
    fail_on: FailOn = FailOn.BREAKING
    max_changes: Annotated[int, Meta(ge=1, le=10_000)] = 1_000


class Place(Reply, frozen=True, kw_only=True):
    """A place in one of the two artifacts: a JSON Pointer, and what stands there, cut short."""

    pointer: str
    value: str


class Rename(Reply, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Two names of what has the same content."""

    from_: str
    to: str


class WitnessKind(StrEnum):
    """What a witness is an example of."""

    REQUEST = "request"  # to an internal API
    ROW = "row"  # of an entity
    ROWS = "rows"  # of an entity, which are wrong together
    MEASURE = "measure"  # of a service level or a limit
    CALL = "call"  # to an external API
    USE = "use"  # of anything else that is named


class Witness(Reply, frozen=True, kw_only=True):
    """An example that was fine `before` and is not `after`.

    `value` is the same for programs; it is absent where it would be large.
    """

    kind: WitnessKind
    text: str
    value: Any = UNSET
    before: str
    after: str


class Change(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """One change. What was added has no `before`, what was removed has no `after`.

    `pointer` is that of `after`, or that of `before` where nothing is left.
    """

    code: str
    kind: ChangeKind
    message: str
    pointer: str
    before: Place | None = None
    after: Place | None = None
    rename: Rename | None = None
    witness: Witness | None = None
    rule_url: str | None = None


class ChangeCounts(Reply, frozen=True, kw_only=True):
    """How many changes of each kind there are, those left out included."""

    breaking: int = 0
    additive: int = 0
    documentation: int = 0
    left_out: int = 0


class DiffReport(Reply, frozen=True, kw_only=True):
    """What changed, breaking first, then as it stands in the documents.

    `passed` means: no change of the kinds that `fail_on` names. `patch` turns `before` into
    `after`, order of lists included, also where `changes` is empty because only the order changed.
    """

    passed: bool
    fail_on: FailOn
    changes: tuple[Change, ...]
    counts: ChangeCounts
    patch: tuple[PatchOperation, ...]


class ChangeRuleView(Reply, frozen=True, kw_only=True):
    """A code that a change can have: its kind, and where its page is."""

    code: str
    kind: ChangeKind
    title: str
    url: str


class DiffEnvelope(Envelope, frozen=True, kw_only=True):
    """A comparison, enveloped."""

    data: DiffReport


class ChangeRuleListEnvelope(Envelope, frozen=True, kw_only=True):
    """Every code of a change, enveloped."""

    data: tuple[ChangeRuleView, ...]
