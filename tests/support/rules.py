"""What the rules say of an artifact, as clients get it."""

from datetime import date

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, Source
from quaestor_validator.domain.audit import Subject, audit
from quaestor_validator.domain.config import plan_of
from quaestor_validator.domain.places import Sent
from quaestor_validator.domain.report import report

__all__ = ["rule_findings"]


def rule_findings(artifact: Artifact) -> list[Finding]:
    """Apply every rule to an artifact."""
    body = msgspec.json.encode(artifact)
    instance = msgspec.json.decode(body)
    settled = audit(Subject(instance), plan_of(None, None, instance), date(2026, 1, 31))
    sent = Sent(body, {Source.INSTANCE: ()})
    return list(report(settled, sent, schema="backend@1", most=10_000).findings)
