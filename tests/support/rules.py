"""Small parts of designs, and what the rules say of them."""

from typing import Any

from tests.support.designs import example_artifact

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, RelatedPlace
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.pages import page_of
from quaestor_validator.domain.report import fix_of
from quaestor_validator.domain.rules import RULES
from quaestor_validator.domain.rules.base import Issue, Options, Rule
from quaestor_validator.domain.rules.design import Design

__all__ = [
    "apis",
    "entity",
    "external",
    "findings_of",
    "internal",
    "places_of",
    "process",
    "rule",
    "rule_findings",
    "store",
]


def rule(code: str) -> Rule:
    """Give a rule by its code."""
    (found,) = [rule for rule in RULES if rule.code == code]
    return found


def rule_findings(artifact: Artifact, **options: Options) -> list[Finding]:
    """Apply every rule, without a configuration but options by code, `/` and `-` written `_`."""
    design = Design(artifact)
    return [
        _finding(rule, issue)
        for rule in RULES
        for issue in rule.check(design, options.get(_name(rule.code), rule.options))
    ]


def _name(code: str) -> str:
    return code.replace("/", "_").replace("-", "_")


def _finding(rule: Rule, issue: Issue) -> Finding:
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=issue.message,
        pointer=pointer(issue.path),
        expected=issue.expected,
        actual=issue.actual,
        did_you_mean=issue.did_you_mean,
        fix=fix_of(issue),
        related=tuple(RelatedPlace(pointer=pointer(p), message=m) for p, m in issue.related),
        rule_url=page_of(rule.code),
    )


def findings_of(code: str, **changes: Any) -> list[Finding]:
    """Give a rule's findings in the example with changes."""
    return [f for f in rule_findings(example_artifact(**changes)) if f.code == code]


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
