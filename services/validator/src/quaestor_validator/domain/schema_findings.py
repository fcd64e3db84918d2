"""Findings from the faults of a schema."""

from collections.abc import Iterable, Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.service.faults import Fault
from quaestor_validator.domain.found import Found
from quaestor_validator.domain.rules.base import Issue

__all__ = ["schema_findings"]


def schema_findings(faults: Iterable[Fault]) -> Iterator[Found]:
    """Give one finding for each fault, `schema/` and the keyword its code, none of them twice."""
    seen: set[Fault] = set()
    for fault in faults:
        if fault not in seen:
            seen.add(fault)
            yield _found(fault)


def _found(fault: Fault) -> Found:
    issue = Issue(
        path=fault.path,
        message=fault.message,
        expected=fault.expected,
        actual=fault.actual,
        did_you_mean=fault.did_you_mean,
        fix=fault.fix,
        patch=fault.patch,
        safe=fault.safe,
        key=fault.key,
    )
    return Found(
        code=f"schema/{fault.keyword}",
        severity=Severity.ERROR,
        issue=issue,
        subject=fault.missing or "",
    )
