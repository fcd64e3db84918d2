"""Small parts of designs, and what the rules say of them, as clients get it."""

from datetime import date
from typing import Any

import msgspec
from tests.support.designs import example_artifact

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.configuration import Configuration, RuleSetting
from quaestor_shared.contracts.findings import Finding, Source
from quaestor_validator.domain.audit import Subject, audit
from quaestor_validator.domain.config import plan_of
from quaestor_validator.domain.places import Sent
from quaestor_validator.domain.report import report

__all__ = [
    "apis",
    "entity",
    "external",
    "findings_of",
    "internal",
    "places_of",
    "process",
    "rule_findings",
    "store",
]


def rule_findings(artifact: Artifact, config: Configuration | None = None) -> list[Finding]:
    """Apply every rule to an artifact."""
    body = msgspec.json.encode(artifact)
    instance = msgspec.json.decode(body)
    subject = Subject(instance)
    settled = audit(subject, plan_of(config, None, subject.feature), date(2026, 1, 31))
    sent = Sent(body, {Source.INSTANCE: ()})
    return list(report(settled, sent, schema="backend@1", most=10_000).findings)


def findings_of(
    code: str, *, options: dict[str, Any] | None = None, **changes: Any
) -> list[Finding]:
    """Give a rule's findings, in the order of the text, in the example with changes."""
    config = Configuration(rules={code: RuleSetting(options=options)}) if options else None
    return [f for f in rule_findings(example_artifact(**changes), config) if f.code == code]


def places_of(code: str, **changes: Any) -> list[str]:
    """Give the pointers of a rule's findings in the example with changes."""
    return [finding.pointer for finding in findings_of(code, **changes)]


def entity(
    name: str = "Thing", *fields: str, to: tuple[str, ...] = (), growth: str = "1k in 12 months"
) -> dict[str, Any]:
    """Give an entity."""
    return {"name": name, "fields": fields, "relationships": to, "expected_growth": growth}


def internal(
    name: str = "A",
    *methods: str,
    sla: str = "p95 < 200ms",
    examples: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give an internal API."""
    return {
        "name": name,
        "methods": methods or ("GET",),
        "payload_examples": examples or {},
        "sla": sla,
    }


def external(
    provider: str = "Stripe", endpoint: str = "https://api.stripe.com", **more: Any
) -> dict[str, Any]:
    """Give an external API."""
    return {"provider": provider, "endpoint": endpoint, "auth_method": "api_key", **more}


def apis(*all_: dict[str, Any]) -> dict[str, Any]:
    """Put internal and external APIs where they belong."""
    return {
        "internal": [api for api in all_ if "methods" in api],
        "external": [api for api in all_ if "provider" in api],
    }


def process(
    name: str = "p", kind: str = "batch", description: str = "nightly", sla: str = "finish < 2h"
) -> dict[str, Any]:
    """Give a process."""
    return {"name": name, "type": kind, "description": description, "sla": sla}


def store(kind: str = "sql", technology: str = "PostgreSQL", **more: Any) -> dict[str, Any]:
    """Give a store."""
    return {"kind": kind, "technology": technology, **more}
