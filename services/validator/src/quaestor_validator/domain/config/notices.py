"""What a configuration says in vain."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from quaestor_shared.contracts.findings import Severity, Source
from quaestor_shared.service.schema_messages import cut_key
from quaestor_validator.domain.config.layers import Suppressing
from quaestor_validator.domain.config.plan import Plan
from quaestor_validator.domain.config_rules import (
    ENDLESS_SUPPRESSION,
    EXPIRED_SUPPRESSION,
    STALE_BASELINE,
    UNMATCHED_POINTER,
    UNMATCHED_SUPPRESSION,
)
from quaestor_validator.domain.families import FAMILIES
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.rules.base import Issue

__all__ = ["Notices"]


class Notices:
    """Tells of pointers, suppressions and a baseline that match nothing.

    Only what was looked for can be missed: `checked` are the families that had their turn.
    """

    def __init__(self, plan: Plan, checked: Collection[str]) -> None:
        self._plan = plan
        self._checked = checked
        self._all = FAMILIES.issubset(checked)

    def of_pointers(self, unmatched: Iterable[tuple[int, int]]) -> Iterator[Found]:
        """Tell of an override's pointers that mean no place of the document."""
        for override, number in unmatched:
            layer = self._plan.overrides[override]
            path = (*layer.path[:-1], "pointers", number)
            pointer = cut_key(layer.pointers[number])
            issue = Issue(
                path=path,
                message=f"`{pointer}` means no place of this document",
                expected="a JSON Pointer to something that is there",
                actual=pointer,
                fix="correct the pointer, or take it out",
            )
            yield Found(
                code=UNMATCHED_POINTER,
                severity=Severity.WARN,
                issue=issue,
                source=Source.CONFIG,
                subject=layer.pointers[number],
            )

    def of_suppressions(self, used: Collection[int], today: date) -> Iterator[Found]:
        """Tell of suppressions that have expired, that suppress nothing, or that never end."""
        for index, suppressing in enumerate(self._plan.suppressions):
            rule, expires = suppressing.suppression.rule, suppressing.suppression.expires
            if expires is not None and expires < today:
                yield _of_suppression(
                    suppressing,
                    EXPIRED_SUPPRESSION,
                    f"the suppression of `{cut_key(rule)}` has expired on {expires}",
                    "mend what it suppressed, or decide on another day",
                )
            elif index not in used and self._was_looked_for(rule):
                yield _of_suppression(
                    suppressing,
                    UNMATCHED_SUPPRESSION,
                    f"there is no finding of `{cut_key(rule)}` here to suppress",
                    "take the suppression out",
                )
            elif expires is None and index in used:
                yield _of_suppression(
                    suppressing,
                    ENDLESS_SUPPRESSION,
                    f"the suppression of `{cut_key(rule)}` has no last day",
                    "say with `expires` when to look at it again",
                )

    def of_baseline(self, matched: Collection[str]) -> Iterator[Found]:
        """Tell once of all that the baseline lists and nothing has any more."""
        gone = [(mark, s) for mark, s in self._plan.baseline.items() if mark not in matched]
        if gone and self._all:
            _, source = gone[0]
            issue = Issue(
                path=("baseline",),
                message=f"{len(gone)} of the {len(self._plan.baseline)} findings of the baseline "
                "are not there any more",
                fix="make the baseline anew, so that they cannot come back unseen",
            )
            yield Found(code=STALE_BASELINE, severity=Severity.INFO, issue=issue, source=source)

    def _was_looked_for(self, rule: str) -> bool:
        if rule == "*":
            return self._all
        return rule.partition("/")[0] in self._checked


def _of_suppression(suppressing: Suppressing, code: str, message: str, fix: str) -> Found:
    issue = Issue(
        path=suppressing.path,
        message=message,
        actual=f"reason: {suppressing.suppression.reason}",
        fix=fix,
    )
    return Found(
        code=code,
        severity=Severity.WARN,
        issue=issue,
        source=suppressing.source,
        subject=f"{suppressing.suppression.rule} {suppressing.suppression.pointer}",
    )
