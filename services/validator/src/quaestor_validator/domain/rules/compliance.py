"""What a standard asks for, and what may stand in no design."""

import re
from collections.abc import Iterator

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.secrets import may_have_form, may_have_forms, secret_form

__all__ = ["RULES"]

_STANDARD = re.compile(
    r"\b(?:iso[ /-]?(?:iec[ /-]?)?270\d\d|soc[ -]?[123]|hipaa|pci(?:[ -]?dss)?|gdpr|dsgvo|fedramp"
    r"|sox|nis ?2|dora|hitrust|c5|tisax)\b",
    re.IGNORECASE,
)
# A log that can stand up to an audit says who did what: its description has one of these.
_AUDITABLE = re.compile(
    r"audit|access|change|event|trail|login|action|activit|mutation|immutable|tamper"
    r"|\b(?:every|each|all|who|reads?|writes?|written)\b",
    re.IGNORECASE,
)
_LONGEST = 2_000
_LINE = "\n"


def audit_without_logging(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find a standard that is to be audited, and a log that would not show who did what."""
    compliance = design.artifact.compliance
    standard = _STANDARD.search(compliance.audit[:_LONGEST])
    if standard and not _AUDITABLE.search(compliance.logging[:_LONGEST]):
        yield Issue(
            path=("compliance", "logging"),
            message=f"{standard[0]} is to be audited, and the log does not say who did what",
            expected="what is logged of accesses and changes",
            actual=cut(compliance.logging),
            fix="log who did what to which record and when, and keep it apart from the "
            "application's log",
            related=((("compliance", "audit"), "the standard"),),
        )


def secrets_in_texts(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find what looks like a secret anywhere but in example payloads. It is never shown."""
    for path, text in _suspicious(design):
        if what := secret_form(text):
            yield Issue(
                path=path,
                message=f"here stands what looks like {what}",
                expected="the name of the place that keeps it",
                fix="take it out, say where it is kept instead, and revoke it if it was ever real",
            )


def _suspicious(design: Design) -> Iterator[tuple[Path, str]]:
    endpoints = _LINE.join([api.endpoint for api in design.external])
    for i, api in enumerate(design.external if may_have_form(endpoints) else ()):
        yield ("apis", "external", i, "endpoint"), api.endpoint
    if may_have_forms(design.said, design.words):
        places = design.places_of(may_have_form, leaving_out=("fields", "relationships"))
        yield from (place for place in places if place[0][-1] != "endpoint")


RULES = (
    Rule(
        code="compliance/audit-without-logging",
        severity=Severity.WARN,
        title="What is audited is logged",
        check=audit_without_logging,
    ),
    Rule(
        code="compliance/secret-in-text",
        severity=Severity.ERROR,
        title="No secret stands in a design",
        check=secrets_in_texts,
    ),
)
