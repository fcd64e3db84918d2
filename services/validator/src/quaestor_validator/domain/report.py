"""A verdict from findings: the gravest first, no more than asked for."""

from collections import Counter
from collections.abc import Sequence

from quaestor_shared.contracts.findings import Finding, FindingCounts, Severity
from quaestor_shared.contracts.validation import ValidationReport

__all__ = ["report"]

_WEIGHT = {Severity.ERROR: 0, Severity.WARN: 1, Severity.INFO: 2}


def report(
    findings: Sequence[Finding], *, schema: str, most: int, left_out: int = 0
) -> ValidationReport:
    """Sum findings up. The counts include those that are left out.

    `left_out` is how many errors there are besides, of which no finding was made.
    """
    ordered = sorted(findings, key=lambda finding: _WEIGHT[finding.severity])
    counts = Counter(finding.severity for finding in ordered)
    counts[Severity.ERROR] += left_out
    return ValidationReport(
        valid=counts[Severity.ERROR] == 0,
        schema=schema,
        findings=tuple(ordered[:most]),
        counts=FindingCounts(
            error=counts[Severity.ERROR],
            warn=counts[Severity.WARN],
            info=counts[Severity.INFO],
            left_out=left_out + max(0, len(ordered) - most),
        ),
    )
