"""A verdict from findings: the gravest first, no more than asked for, each with its place."""

from collections import Counter
from collections.abc import Sequence

from quaestor_shared.contracts.findings import (
    Finding,
    FindingCounts,
    Fix,
    RelatedPlace,
    Severity,
)
from quaestor_shared.contracts.validation import ValidationReport
from quaestor_shared.pointers import pointer, reach
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.pages import page_of
from quaestor_validator.domain.places import Place, Places, Sent
from quaestor_validator.domain.positions import Path
from quaestor_validator.domain.rules.base import Issue
from quaestor_validator.domain.settled import Settled

__all__ = ["fix_of", "report"]

_WEIGHT = {Severity.ERROR: 0, Severity.WARN: 1, Severity.INFO: 2}
_NOWHERE = 1 << 62


def report(settled: Settled, sent: Sent, *, schema: str, most: int) -> ValidationReport:
    """Sum findings up. The counts include those that are left out."""
    ordered = sorted(settled.findings, key=lambda each: (each[0].known, _WEIGHT[each[0].severity]))
    counts = Counter(found.severity for found, _ in ordered if not found.known)
    counts[Severity.ERROR] += settled.left_out
    return ValidationReport(
        valid=not any(counts[s] for s in Severity if _WEIGHT[s] <= _WEIGHT[settled.fail_on]),
        complete=settled.complete,
        fail_on=settled.fail_on,
        schema=schema,
        findings=_shown(ordered[:most], sent),
        counts=FindingCounts(
            error=counts[Severity.ERROR],
            warn=counts[Severity.WARN],
            info=counts[Severity.INFO],
            known=sum(found.known for found, _ in ordered),
            suppressed=settled.suppressed,
            left_out=settled.left_out + max(0, len(ordered) - most),
        ),
    )


def _shown(findings: Sequence[tuple[Found, str]], sent: Sent) -> tuple[Finding, ...]:
    """Make findings ready to be shown; those of one weight in the order of the text."""
    if not findings:
        return ()
    places = Places(sent, [found for found, _ in findings])
    shown = [_finding(found, fingerprint, places) for found, fingerprint in findings]
    return tuple(sorted(shown, key=_order))


def _order(finding: Finding) -> tuple[bool, int, int, int]:
    line = finding.line if finding.column else None
    return (
        finding.known,
        _WEIGHT[finding.severity],
        line or _NOWHERE,
        finding.column or _NOWHERE,
    )


def _finding(found: Found, fingerprint: str, places: Places) -> Finding:
    issue = found.issue
    place = places.of(found) or Place(
        found.line, found.column, found.line if found.end_column else None, found.end_column
    )
    return Finding(
        code=found.code,
        severity=found.severity,
        message=issue.message,
        pointer=pointer(reach(issue.path)),
        expected=issue.expected,
        actual=issue.actual,
        did_you_mean=issue.did_you_mean,
        fix=fix_of(issue),
        related=tuple(
            _related(path, message, places.of_related(found, number) or Place())
            for number, (path, message) in enumerate(issue.related)
        ),
        rule_url=page_of(found.code),
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        source=found.source,
        fingerprint=fingerprint,
        known=found.known,
    )


def fix_of(issue: Issue) -> Fix | None:
    """Give what would mend a breach, in words, and as a patch where there is one."""
    if issue.fix is None:
        return None
    return Fix(description=issue.fix, patch=issue.patch, safe=issue.safe)


def _related(path: Path, message: str, place: Place) -> RelatedPlace:
    return RelatedPlace(
        pointer=pointer(reach(path)), message=message, line=place.line, column=place.column
    )
