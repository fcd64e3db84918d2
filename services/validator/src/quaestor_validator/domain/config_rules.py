"""The rules that an audit's own configuration has to keep."""

from typing import NamedTuple

from quaestor_shared.contracts.findings import Severity

__all__ = [
    "CONFIG_RULES",
    "ENDLESS_SUPPRESSION",
    "EXPIRED_SUPPRESSION",
    "STALE_BASELINE",
    "UNKNOWN_RULE",
    "UNMATCHED_POINTER",
    "UNMATCHED_SUPPRESSION",
]


class _ConfigRule(NamedTuple):
    code: str
    severity: Severity
    title: str


UNKNOWN_RULE = "config/unknown-rule"
UNMATCHED_POINTER = "config/unmatched-pointer"
UNMATCHED_SUPPRESSION = "config/unmatched-suppression"
EXPIRED_SUPPRESSION = "config/expired-suppression"
ENDLESS_SUPPRESSION = "config/endless-suppression"
STALE_BASELINE = "config/stale-baseline"

CONFIG_RULES = (
    _ConfigRule(ENDLESS_SUPPRESSION, Severity.WARN, "A suppression has a last day"),
    _ConfigRule(EXPIRED_SUPPRESSION, Severity.WARN, "A suppression has not expired"),
    _ConfigRule(STALE_BASELINE, Severity.INFO, "The baseline lists only what is still found"),
    _ConfigRule(UNKNOWN_RULE, Severity.WARN, "A configuration names rules that there are"),
    _ConfigRule(UNMATCHED_POINTER, Severity.WARN, "An override's pointer means some place"),
    _ConfigRule(UNMATCHED_SUPPRESSION, Severity.WARN, "A suppression suppresses something"),
)
