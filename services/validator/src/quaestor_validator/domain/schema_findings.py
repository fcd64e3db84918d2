"""Findings from the faults of a schema."""

from collections.abc import Iterable

from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_shared.pointers import pointer
from quaestor_shared.service.faults import Fault
from quaestor_validator.domain.pages import page_of

__all__ = ["schema_findings"]


def schema_findings(faults: Iterable[Fault]) -> list[Finding]:
    """Give one finding for each fault, `schema/` and the keyword its code, none of them twice."""
    return [_finding(fault) for fault in dict.fromkeys(faults)]


def _finding(fault: Fault) -> Finding:
    code = f"schema/{fault.keyword}"
    return Finding(
        code=code,
        severity=Severity.ERROR,
        message=fault.message,
        pointer=pointer(fault.path),
        expected=fault.expected,
        actual=fault.actual,
        rule_url=page_of(code),
    )
