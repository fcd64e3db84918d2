"""What can be seen of the backend while it runs."""

from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design

__all__ = ["RULES"]


def no_probe(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that there is no health check at all."""
    if not design.artifact.observability.health_checks:
        yield Issue(
            path=("observability", "health_checks"),
            message="there is no health check, so nothing can tell whether the backend works",
            expected="at least one, such as `liveness` or `readiness`",
            fix="add `liveness` (the process answers) and `readiness` (what it needs answers too)",
        )


RULES = (
    Rule(
        code="observability/no-probe",
        severity=Severity.WARN,
        title="The backend has a health check",
        check=no_probe,
    ),
)
