"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as code hosts take it.

The limits are those of GitHub's code scanning, the narrowest of the common ones: results of a run,
and the length of names and messages.
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_shared.contracts.validation import ValidationReport
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.outputs.subject import Subject, advice, said

__all__ = ["as_sarif"]

_LEVELS = {Severity.ERROR: "error", Severity.WARN: "warning", Severity.INFO: "note"}
_MOST_RESULTS = 25_000
_LONGEST = 1_024  # characters of a message
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_encode = msgspec.json.Encoder().encode


def as_sarif(report: ValidationReport, subject: Subject) -> str:
    """Write one run. What is known from the baseline is there as a suppressed result."""
    findings = report.findings[:_MOST_RESULTS]
    codes = sorted({finding.code for finding in findings})
    places = {code: index for index, code in enumerate(codes)}
    rules = [_rule(code, findings) for code in codes]
    driver = {"name": "Quaestor", "version": subject.tool_version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places, subject) for finding in findings],
        "properties": {"schema": report.schema, "leftOut": report.counts.left_out},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return _encode(log).decode()


def _rule(code: str, findings: tuple[Finding, ...]) -> dict[str, Any]:
    entry = CATALOGUE.get(code)
    first = next(finding for finding in findings if finding.code == code)
    title = entry.title if entry is not None else "The document is what its schema says"
    severity = entry.severity if entry is not None else first.severity
    return {
        "id": code,
        "shortDescription": {"text": title},
        "help": {"text": f"See {first.rule_url}" if first.rule_url else title},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": [code.partition("/")[0]]},
    }


def _result(finding: Finding, places: dict[str, int], subject: Subject) -> dict[str, Any]:
    hint = advice(finding)
    text = f"{said(finding)}. {hint[0].upper()}{hint[1:]}" if hint else said(finding)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": places[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": text[:_LONGEST]},
        "locations": [_location(finding, subject)],
        # The second is the name that GitHub looks for.
        "partialFingerprints": {
            "quaestorFinding/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
    }
    related = [
        {
            "id": number,
            "message": {"text": place.message[:_LONGEST]},
            "physicalLocation": {
                "artifactLocation": {"uri": subject.uri_of(finding)},
                "region": {"startLine": place.line, "startColumn": place.column or 1},
            },
        }
        for number, place in enumerate(finding.related, start=1)
        if place.line
    ]
    if related:
        result["relatedLocations"] = related
    if finding.known:
        result["suppressions"] = [{"kind": "external", "justification": "known: in the baseline"}]
    if finding.fix is not None:
        result["properties"] = {"fix": finding.fix}
    return result


def _location(finding: Finding, subject: Subject) -> dict[str, Any]:
    region = {"startLine": finding.line or 1, "startColumn": finding.column or 1}
    if finding.end_line is not None and finding.end_column is not None:
        region |= {"endLine": finding.end_line, "endColumn": finding.end_column}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": subject.uri_of(finding)},
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": finding.pointer or "/", "kind": "member"}],
    }
