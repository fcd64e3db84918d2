"""What an audit finds: a stable code, a severity, a place, and what to do about it."""

from enum import StrEnum

from quaestor_shared.contracts.base import Reply

__all__ = ["Finding", "FindingCounts", "Severity"]


class Severity(StrEnum):
    """How much a finding weighs. An error blocks Finalize."""

    ERROR = "error"
    WARN = "warn"
    INFO = "info"


class Finding(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong or worth a thought.

    `pointer` is a JSON Pointer (RFC 6901) into what was checked: the parent for a missing
    property, the key for one too many. `question` is the number that mends it, where known.
    `line` and `column` count from 1 in the text that was sent.
    """

    code: str
    severity: Severity
    message: str
    pointer: str = ""
    question: str | None = None
    expected: str | None = None
    actual: str | None = None
    fix: str | None = None
    rule_url: str | None = None
    line: int | None = None
    column: int | None = None


class FindingCounts(Reply, frozen=True, kw_only=True):
    """How many findings of each severity there are, those left out included."""

    error: int = 0
    warn: int = 0
    info: int = 0
    left_out: int = 0
