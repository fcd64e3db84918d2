"""A report says the same in every form, in the way that the form's readers need."""

import json
import re
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_shared.contracts.findings import (
    Finding,
    FindingCounts,
    Fix,
    RelatedPlace,
    Severity,
    Source,
)
from quaestor_shared.contracts.validation import ReportFormat, ValidationReport
from quaestor_validator.domain.outputs import OUTPUTS, Audit, Subject, Text, render, render_all

TEXT = '{\n  "naïve 日本 😀": {"PSOT": 1},\n  "b": 2\n}'
FINDING = Finding(
    code="apis/payload-method",
    severity=Severity.ERROR,
    message='"PSOT" is no method: 100%',
    pointer="/naïve 日本 😀/PSOT",
    expected="GET, POST",
    actual='"PSOT"',
    did_you_mean='"POST"',
    fix=Fix(description='say "POST"', safe=True),
    related=(RelatedPlace(pointer="/b", message="the methods", line=3, column=3),),
    rule_url="docs/rules/apis-payload-method.md",
    line=2,
    column=18,
    end_line=2,
    end_column=24,
    fingerprint="0123456789abcdef0123",
)
KNOWN = Finding(
    code="schema/type",
    severity=Severity.WARN,
    message="a\nb",
    pointer="",
    fingerprint="f" * 20,
    known=True,
)
COUNTS = FindingCounts(error=1, known=1, left_out=2)
REPORT = ValidationReport(
    valid=False,
    fail_on=Severity.ERROR,
    schema="backend@1",
    findings=(FINDING, KNOWN),
    counts=COUNTS,
)
NONE = ValidationReport(
    valid=True, fail_on=Severity.ERROR, schema="backend@1", findings=(), counts=FindingCounts()
)
SUBJECT = Subject(document=Text(path="design/a b.json", text=TEXT), tool_version="1.2.3")


def about(text: str) -> Subject:
    """Give a document of a text."""
    return Subject(document=Text(path="document.json", text=text))


def test_the_column_is_that_of_the_key() -> None:
    """The example stands where it says: at the key that is wrong."""
    assert TEXT.splitlines()[1][17:23] == '"PSOT"'


def test_sarif() -> None:
    """SARIF has the tool, each rule once, places, fingerprints, and says what is known."""
    log = json.loads(render(ReportFormat.SARIF, REPORT, SUBJECT))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Quaestor", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["apis/payload-method", "schema/type"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == (FINDING.code, 0, "error")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "design/a%20b.json"
    assert place["region"] == {"startLine": 2, "startColumn": 18, "endLine": 2, "endColumn": 24}
    assert first["partialFingerprints"]["primaryLocationLineHash"] == "0123456789abcdef0123:1"
    assert first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert second["suppressions"][0]["kind"] == "external"
    assert second["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert run["columnKind"] == "unicodeCodePoints"


def test_junit() -> None:
    """JUnit has a failure for each finding that counts, a skip for each known one, and counts."""
    root = Xml.fromstring(render(ReportFormat.JUNIT, REPORT, SUBJECT))  # noqa: S314 - our own
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert failure.text.startswith("design/a b.json:2:18 error: ")
    good = Xml.fromstring(render(ReportFormat.JUNIT, NONE, SUBJECT))  # noqa: S314 - our own
    assert (good.get("tests"), good.get("failures")) == ("1", "0")


def test_junit_fails_what_the_verdict_fails() -> None:
    """A finding below `fail_on` is a test that has passed and printed it."""
    findings = tuple(Finding(code="a/b", severity=s, message=s.value, pointer="") for s in Severity)
    for fail_on, failed in ((Severity.ERROR, 1), (Severity.WARN, 2), (Severity.INFO, 3)):
        report = ValidationReport(
            valid=False, fail_on=fail_on, schema="s@1", findings=findings, counts=COUNTS
        )
        (suite,) = Xml.fromstring(render(ReportFormat.JUNIT, report, SUBJECT))  # noqa: S314
        assert (suite.get("tests"), suite.get("failures")) == ("3", str(failed))
        printed = [case.text or "" for case in suite.findall("testcase/system-out")]
        assert [line.split(": ")[1] for line in printed] == [s.value for s in Severity][failed:]


MANY = [
    Audit(REPORT, SUBJECT),
    Audit(NONE, Subject(document=Text(path="clean.json", text="{}"))),
    Audit(REPORT, Subject(document=Text(path="/d/b c.json", text=TEXT, address="file:///x/b"))),
]


def test_many_documents_are_one() -> None:
    """Reports about many documents are one SARIF run, one set of suites, one list of files."""
    (run,) = json.loads(render_all(ReportFormat.SARIF, MANY))["runs"]
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in run["results"]]
    assert [place["uri"] for place in places] == [
        *["design/a%20b.json"] * 2,
        *["file:///d/b%20c.json"] * 2,
    ]
    assert run["artifacts"][1]["location"]["uri"] == "clean.json"
    assert run["properties"]["leftOut"] == 4
    root = Xml.fromstring(render_all(ReportFormat.JUNIT, MANY))  # noqa: S314 - our own
    names = [suite.get("name") for suite in root]
    assert names == ["design/a b.json", "clean.json", "/d/b c.json"]
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("5", "2", "2")
    files = json.loads(render_all(ReportFormat.LSP, MANY))
    assert [(file["uri"], len(file["diagnostics"])) for file in files] == [
        ("design/a%20b.json", 2),
        ("clean.json", 0),
        ("file:///x/b", 2),
    ]
    told = [line for line in render_all(ReportFormat.TEXT, MANY).splitlines() if "valid" in line]
    assert [line.split(": ")[0] for line in told] == names


def test_what_a_shared_configuration_says_is_told_once() -> None:
    """Two documents of one configuration do not have its findings twice."""
    finding = Finding(
        code="config/unknown-rule", severity=Severity.WARN, message="m", pointer="/rules/x",
        source=Source.CONFIG, line=2, column=3,
    )  # fmt: skip
    report = ValidationReport(
        valid=True, fail_on=Severity.ERROR, schema="s@1", findings=(finding,), counts=COUNTS
    )
    others = {Source.CONFIG: Text(path="quaestor.yaml", text="rules:\n  x: off\n")}
    audits = [
        Audit(report, Subject(document=Text(path=name), others=others)) for name in ("a", "b")
    ]
    (result,) = json.loads(render_all(ReportFormat.SARIF, audits))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("quaestor.yaml", 2)
    assert render_all(ReportFormat.GITHUB, audits).count("quaestor.yaml") == 1
    files = {file["uri"]: file for file in json.loads(render_all(ReportFormat.LSP, audits))}
    (diagnostic,) = files["quaestor.yaml"]["diagnostics"]
    assert diagnostic["range"] == {
        "start": {"line": 1, "character": 2},
        "end": {"line": 1, "character": 8},
    }


def test_github() -> None:
    """An annotation is one line with its place, escaped, and what is known is not annotated."""
    assert render(ReportFormat.GITHUB, REPORT, SUBJECT) == (
        "::error file=design/a b.json,line=2,endLine=2,col=18,endColumn=24,"
        'title=apis/payload-method::"PSOT" is no method: 100%25; expected GET, POST'
        ' (did you mean "POST"?)\n'
    )


def test_lsp() -> None:
    """A diagnostic counts from 0, and columns in UTF-16 code units."""
    (file,) = json.loads(render(ReportFormat.LSP, REPORT, SUBJECT))
    first, second = file["diagnostics"]
    line = TEXT.splitlines()[1]
    start = len(line[:17].encode("utf-16-le")) // 2
    assert start == 18
    assert first["range"] == {
        "start": {"line": 1, "character": start},
        "end": {"line": 1, "character": start + 6},
    }
    assert (first["severity"], second["severity"]) == (1, 2)
    assert first["relatedInformation"][0]["location"]["range"]["start"]["line"] == 2
    assert first["data"]["fingerprint"] == FINDING.fingerprint


def test_text() -> None:
    """The carets stand under what is wrong, wide characters and all."""
    assert render(ReportFormat.TEXT, REPORT, SUBJECT).split("\n\n")[0].splitlines() == [
        'error apis/payload-method: "PSOT" is no method: 100%',
        " --> design/a b.json:2:18  /naïve 日本 😀/PSOT",
        "  |",
        '2 |   "naïve 日本 😀": {"PSOT": 1},',
        '  |                     ^^^^^^ did you mean "POST"?',
        "  = expected: GET, POST",
        '  = found: "PSOT"',
        '  = fix: say "POST"',
        "  = see: docs/rules/apis-payload-method.md",
        "  = line 3, /b: the methods",
    ]
    last = render(ReportFormat.TEXT, REPORT, SUBJECT).splitlines()[-1]
    told = "1 error, 0 warnings, 0 remarks, 1 known, 2 left out"
    assert last == f"not valid against backend@1: {told}"


def test_a_long_line() -> None:
    """Of a long line the part around the place is shown, and it cannot steer the terminal."""
    text = "\x1b[31m" + "x" * 500 + '"PSOT"' + "y" * 500
    finding = Finding(
        code="a/b", severity=Severity.INFO, message="m", pointer="", line=1, column=506, end_line=1,
        end_column=512,
    )  # fmt: skip
    report = ValidationReport(
        valid=True, fail_on=Severity.ERROR, schema="s@1", findings=(finding,), counts=COUNTS
    )
    lines = render(ReportFormat.TEXT, report, about(text)).splitlines()
    shown, carets = lines[3], lines[4]
    assert shown[carets.index("^") : carets.rindex("^") + 1] == '"PSOT"'
    assert len(shown) < 120
    early = Finding(code="a/b", severity=Severity.INFO, message="m", pointer="", line=1, column=1)
    report = ValidationReport(
        valid=True, fail_on=Severity.ERROR, schema="s@1", findings=(early,), counts=COUNTS
    )
    assert "\x1b" not in render(ReportFormat.TEXT, report, about(text))


def test_a_narrative() -> None:
    """A finding about the narrative is shown in the narrative."""
    finding = Finding(
        code="narrative/missing", severity=Severity.ERROR, message="m", pointer="", line=2,
        source=Source.NARRATIVE,
    )  # fmt: skip
    report = ValidationReport(
        valid=False, fail_on=Severity.ERROR, schema="s@1", findings=(finding,), counts=COUNTS
    )
    others = {Source.NARRATIVE: Text(path="a.md", text="# One\n## Two\n")}
    subject = Subject(others=others)
    assert "file=a.md,line=2" in render(ReportFormat.GITHUB, report, subject)
    assert "--> a.md:2:1" in render(ReportFormat.TEXT, report, subject)


WORDS = st.text(max_size=30)
NUMBERS = st.none() | st.integers(1, 10**6)
FINDINGS = st.builds(
    Finding,
    code=st.just("a/b"),
    severity=st.sampled_from(Severity),
    message=WORDS,
    pointer=WORDS,
    expected=st.none() | WORDS,
    did_you_mean=st.none() | WORDS,
    line=NUMBERS,
    column=NUMBERS,
    end_line=NUMBERS,
    end_column=NUMBERS,
    source=st.sampled_from(Source),
    known=st.booleans(),
)


@given(st.lists(FINDINGS, max_size=3), WORDS, WORDS)
def test_anything_can_be_written(findings: list[Finding], text: str, path: str) -> None:
    """Whatever a finding says, every form can be written and read again."""
    report = ValidationReport(
        valid=False,
        fail_on=Severity.ERROR,
        schema="s@1",
        findings=tuple(findings),
        counts=FindingCounts(),
    )
    subject = Subject(document=Text(path=path, text=text))
    made = {form: render(form, report, subject) for form in OUTPUTS}
    results: list[Any] = json.loads(made[ReportFormat.SARIF])["runs"][0]["results"]
    assert len(results) == len(findings)
    assert sum(len(f["diagnostics"]) for f in json.loads(made[ReportFormat.LSP])) == len(findings)
    root = Xml.fromstring(made[ReportFormat.JUNIT])  # noqa: S314 - our own
    assert len(root.findall("testsuite/testcase")) == max(1, len(findings))
    assert len(re.findall(r"^::", made[ReportFormat.GITHUB], re.MULTILINE)) == sum(
        not finding.known for finding in findings
    )


@pytest.mark.parametrize("form", OUTPUTS)
def test_nothing_found(form: ReportFormat) -> None:
    """A report without findings is written too."""
    written = render(form, NONE, SUBJECT)
    assert "None" not in written
