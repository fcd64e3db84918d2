"""JUnit's XML, in the form that build servers read (https://github.com/testmoapp/junitxml)."""

import re
from xml.etree import ElementTree as Xml

from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.validation import ValidationReport
from quaestor_validator.domain.outputs.subject import Subject, advice, said

__all__ = ["as_junit"]

# What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: ValidationReport, subject: Subject) -> str:
    """Write a test case a finding: failed, or skipped where it is known; one success for none."""
    cases = [_case(finding, subject) for finding in report.findings]
    if not cases:
        cases.append(Xml.Element("testcase", name="no findings", classname=report.schema))
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    counts = {
        "tests": str(len(cases)),
        "failures": str(failures),
        "skipped": str(skipped),
        "errors": "0",
    }
    root = Xml.Element("testsuites", {"name": "quaestor", **counts})
    suite = Xml.SubElement(root, "testsuite", {"name": _clean(subject.path), **counts})
    if report.counts.left_out:
        properties = Xml.SubElement(suite, "properties")
        value = str(report.counts.left_out)
        Xml.SubElement(properties, "property", name="left_out", value=value)
    suite.extend(cases)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _case(finding: Finding, subject: Subject) -> Xml.Element:
    place = f"{subject.file_of(finding)}:{finding.line or 1}:{finding.column or 1}"
    case = Xml.Element(
        "testcase",
        name=_clean(f"{finding.code} {finding.pointer or '/'}"),
        classname=_clean(finding.code),
        file=_clean(subject.file_of(finding)),
        line=str(finding.line or 1),
    )
    if finding.known:
        Xml.SubElement(case, "skipped", message=_clean(f"known: {finding.message}"))
        return case
    failure = Xml.SubElement(
        case, "failure", type=finding.severity.value, message=_clean(finding.message)
    )
    lines = [f"{place} {finding.severity.value}: {said(finding)}", advice(finding)]
    failure.text = _clean("\n".join(line for line in [*lines, finding.rule_url] if line))
    return case


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
