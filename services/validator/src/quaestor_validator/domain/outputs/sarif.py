"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as code hosts take it.

The limits are those of GitHub's code scanning, the narrowest of the common ones: results of a run,
and the length of names and messages.
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import msgspec

from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.outputs.subject import Audit, Subject, advice, findings_of, said

__all__ = ["as_sarif"]

_LEVELS = {Severity.ERROR: "error", Severity.WARN: "warning", Severity.INFO: "note"}
_MOST_RESULTS = 25_000
_LONGEST = 1_024  # characters of a message
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_encode = msgspec.json.Encoder().encode


def as_sarif(audits: Sequence[Audit]) -> str:
    """Write one run. What is known from the baseline is there as a suppressed result."""
    everything = findings_of(audits)
    found = list(islice(everything, _MOST_RESULTS))
    first: dict[str, Finding] = {}
    for finding, _ in found:
        first.setdefault(finding.code, finding)
    codes = sorted(first)
    places = {code: index for index, code in enumerate(codes)}
    driver = {
        "name": "Quaestor",
        "version": audits[0].subject.tool_version,
        "rules": [_rule(first[code]) for code in codes],
    }
    left_out = sum(audit.report.counts.left_out for audit in audits) + sum(1 for _ in everything)
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places, subject) for finding, subject in found],
        "properties": {"schema": audits[0].report.schema, "leftOut": left_out},
    }
    if len(audits) > 1:  # those without a result were looked at too
        run["artifacts"] = [{"location": {"uri": a.subject.document.uri}} for a in audits]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return _encode(log).decode()


def _rule(first: Finding) -> dict[str, Any]:
    code = first.code
    entry = CATALOGUE.get(code)
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
                "artifactLocation": {"uri": subject.text_of(finding).uri},
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
            "artifactLocation": {"uri": subject.text_of(finding).uri},
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": finding.pointer or "/", "kind": "member"}],
    }
