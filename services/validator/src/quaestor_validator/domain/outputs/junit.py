"""JUnit's XML, in the form that build servers read (https://github.com/testmoapp/junitxml)."""

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from quaestor_shared.contracts.findings import Finding
from quaestor_validator.domain.outputs.subject import WEIGHTS, Audit, Subject, advice, said

__all__ = ["as_junit"]

_COUNTS = ("tests", "failures", "skipped", "errors")
# What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(audits: Sequence[Audit]) -> str:
    """Write a suite a document, and in it a test case a finding; one success for none.

    What weighs as much as `fail_on` has failed, so that a document is valid where nothing has. The
    rest has passed, with its message as what the test printed; what is known is skipped.
    """
    suites = [_suite(audit) for audit in audits]
    total: Counter[str] = Counter()
    for suite in suites:
        total.update({key: int(suite.get(key, "0")) for key in _COUNTS})
    root = Xml.Element("testsuites", {"name": "quaestor", **_written(total)})
    root.extend(suites)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _suite(audit: Audit) -> Xml.Element:
    report, subject = audit
    cases = [_case(finding, audit) for finding in report.findings]
    if not cases:
        cases.append(Xml.Element("testcase", name="no findings", classname=report.schema))
    counts = Counter(tests=len(cases))
    counts["failures"] = sum(case.find("failure") is not None for case in cases)
    counts["skipped"] = sum(case.find("skipped") is not None for case in cases)
    name = _clean(subject.document.path)
    suite = Xml.Element("testsuite", {"name": name, **_written(counts)})
    if report.counts.left_out:
        properties = Xml.SubElement(suite, "properties")
        value = str(report.counts.left_out)
        Xml.SubElement(properties, "property", name="left_out", value=value)
    suite.extend(cases)
    return suite


def _written(counts: Counter[str]) -> dict[str, str]:
    return {key: str(counts[key]) for key in _COUNTS}


def _case(finding: Finding, audit: Audit) -> Xml.Element:
    report, subject = audit
    file = _clean(subject.text_of(finding).path)
    case = Xml.Element(
        "testcase",
        name=_clean(f"{finding.code} {finding.pointer or '/'}"),
        classname=_clean(finding.code),
        file=file,
        line=str(finding.line or 1),
    )
    if finding.known:
        Xml.SubElement(case, "skipped", message=_clean(f"known: {finding.message}"))
    elif WEIGHTS[finding.severity] <= WEIGHTS[report.fail_on]:
        failure = Xml.SubElement(
            case, "failure", type=finding.severity.value, message=_clean(finding.message)
        )
        failure.text = _told(finding, subject)
    else:
        Xml.SubElement(case, "system-out").text = _told(finding, subject)
    return case


def _told(finding: Finding, subject: Subject) -> str:
    """Give the place, the message, what to do, and where the rule is explained."""
    place = f"{subject.text_of(finding).path}:{finding.line or 1}:{finding.column or 1}"
    lines = [f"{place} {finding.severity.value}: {said(finding)}", advice(finding)]
    return _clean("\n".join(line for line in [*lines, finding.rule_url] if line))


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
