"""What an audit finds: a stable code, a severity, a place, and what to do about it."""

from enum import StrEnum
from typing import Any, Literal

from msgspec import UNSET

from quaestor_shared.contracts.base import Reply

__all__ = [
    "Finding",
    "FindingCounts",
    "Fix",
    "PatchOperation",
    "RelatedPlace",
    "Severity",
    "Source",
]


class Severity(StrEnum):
    """How much a finding weighs. An error blocks Finalize."""

    ERROR = "error"
    WARN = "warn"
    INFO = "info"


class Source(StrEnum):
    """Which of the sent texts a finding is about."""

    INSTANCE = "instance"
    NARRATIVE = "narrative"
    CONFIG = "config"
    SIDECAR = "sidecar"


class PatchOperation(
    Reply, frozen=True, kw_only=True, omit_defaults=True, rename={"from_": "from"}
):
    """One operation of a JSON Patch (RFC 6902).

    `value` belongs to `add`, `replace` and `test`, `from` to `move` and `copy`; both are absent
    elsewhere.
    """

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: str
    value: Any = UNSET
    from_: str | None = None


class Fix(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """What would mend a finding. Without a patch it is advice to a person.

    `safe` means that the patch cannot change what the document says, so that a program may apply
    it unasked.
    """

    description: str
    patch: tuple[PatchOperation, ...] = ()
    safe: bool = False


class RelatedPlace(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """Another place that a finding is about, such as the other end of a broken reference.

    `line` and `column` count as in `Finding`.
    """

    pointer: str
    message: str
    line: int | None = None
    column: int | None = None


class Finding(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong or worth a thought.

    `pointer` is a JSON Pointer (RFC 6901) into what was checked: the parent for a missing
    property, the key for one too many, and "" for the whole of it. What stands at a
    pointer of more than 4,096 characters is pointed at by its nearest parent. `source` says into
    what: the document, the configuration or the sidecar. `question` is the number that mends it,
    where known.

    `line` and `column` count from 1 in the body that was sent, `end_line` and `end_column` stand
    behind the last character; of a finding about the narrative, `line` counts in the narrative.
    A line ends with LF, CRLF or CR; a column counts Unicode code points, whatever their width and
    however an encoding stores them.

    `fingerprint` is the same for the same finding in a later version of the document, also when
    lines and array positions have moved. What is `known` from the baseline does not count.
    """

    code: str
    severity: Severity
    message: str
    pointer: str
    question: str | None = None
    expected: str | None = None
    actual: str | None = None
    did_you_mean: str | None = None
    fix: Fix | None = None
    related: tuple[RelatedPlace, ...] = ()
    rule_url: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    source: Source = Source.INSTANCE
    fingerprint: str = ""
    known: bool = False


class FindingCounts(Reply, frozen=True, kw_only=True):
    """How many findings of each severity there are, those left out of the report included.

    `known` ones, from the baseline, and `suppressed` ones are counted apart.
    """

    error: int = 0
    warn: int = 0
    info: int = 0
    known: int = 0
    suppressed: int = 0
    left_out: int = 0
