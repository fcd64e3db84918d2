"""A narrative that leaves a decision out is told which."""

import re
from typing import Any

import pytest
from tests.support.designs import ROOT, example, example_artifact
from tests.support.narratives import DOCUMENT

from quaestor_shared.markdown import code, escape
from quaestor_shared.narrative import SUBSECTIONS
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.narrative import NARRATIVE_RULES, narrative_findings
from quaestor_validator.domain.narrative.decisions import decisions

_EXAMPLES = re.compile(r"^## (?:Bad|Good)\n\n```markdown\n(.*?)^```", re.MULTILINE | re.DOTALL)


def found(narrative: str, **changes: Any) -> list[tuple[str, str]]:
    """Give code and pointer of each finding."""
    findings = narrative_findings(example_artifact(**changes), narrative)
    return [(finding.code, finding.pointer) for finding in findings]


def test_a_narrative_in_another_layout_is_read() -> None:
    """Headings, tables, lists, prose, fenced JSON: every decision is found."""
    assert found(DOCUMENT) == []


_DECISIONS = list(decisions(example_artifact()))
_BY_PLACE = {pointer(d.path): d for d in _DECISIONS}


def test_every_leaf_of_the_example_is_a_decision() -> None:
    """Only what identifies the artifact, and what is empty, need not be told."""

    def leaves(node: Any, path: tuple[str | int, ...] = ()) -> list[str]:
        if path[-2:-1] == ("payload_examples",) or not isinstance(node, dict | list):
            return [pointer(path)]
        items = node.items() if isinstance(node, dict) else enumerate(node)
        return [leaf for key, item in items for leaf in leaves(item, (*path, key))]

    others = {"/feature_id", "/version", "/created_at", "/compliance/notes"}
    assert set(_BY_PLACE) == set(leaves(example())) - others


@pytest.mark.parametrize("place", _BY_PLACE)
def test_a_decision_that_is_left_out_is_found_at_its_place(place: str) -> None:
    """Whatever is taken out of the document is reported with its pointer in the artifact."""
    written = {
        "/apis/internal/0/payload_examples/POST": '"meals"',
        "/apis/external/0/auth_method": "API key",
        "/processes/0/type": "Async",
        "/storage/0/kind": "SQL:",
        "/storage/1/kind": "Cache",
        "/apis/internal/0/name": "__MealPlanAPI__",
    }.get(place, _BY_PLACE[place].text)
    subsection = _BY_PLACE[place].subsection.partition(" (")[0]
    head, title, rest = DOCUMENT.partition(f"### {subsection}\n")
    body, end, tail = rest.partition("\n### ")
    without = re.sub(rf"(?<!\w){re.escape(written)}", "", body)
    assert without != body
    assert ("narrative/missing", place) in found(f"{head}{title}{without}{end}{tail}")


def test_a_field_counts_in_its_own_entity_only() -> None:
    """Two entities with a field of one name: each has to tell of it."""
    entities = [
        {"name": "User", "fields": ["email"], "relationships": ["Team"], "expected_growth": "slow"},
        {"name": "Team", "fields": ["email"], "relationships": [], "expected_growth": "none"},
    ]
    part = "- **`User`**\n  - email -> `Team`\n  - slow\n- **`Team`**\n  - {}\n  - none\n"
    for fields, missing in (
        ("email", []),
        ("mail", [("narrative/missing", "/entities/1/fields/0")]),
    ):
        document = _with_subsection("Data Models & Relationships", part.format(fields))
        assert found(document, entities=entities) == missing


def test_a_name_inside_another_item_starts_no_item() -> None:
    """A relationship in a list of its own stays a part of its entity."""
    entities = [
        {"name": "A", "fields": ["x"], "relationships": ["B"], "expected_growth": "slow"},
        {"name": "B", "fields": ["y"], "relationships": [], "expected_growth": "fast"},
    ]
    part = "- A\n  - `B`\n  - x\n  - slow\n- B\n  - y\n  - fast\n"
    document = _with_subsection("Data Models & Relationships", part)
    assert found(document, entities=entities) == []


def test_items_that_have_no_place_of_their_own_are_looked_for_in_the_subsection() -> None:
    """Prose that tells of all items at once is as good as a list."""
    part = "UserProfile has id, email and preferences, refers to MealPlan; 100k in 12 months.\n"
    assert found(_with_subsection("Data Models & Relationships", part)) == []


def test_a_word_inside_a_word_is_no_mention() -> None:
    """`id` does not stand in "provider", nor `GET` in "WIDGET"."""
    part = "#### UserProfile\n\n100k in 12 months, MealPlan, provider, email, preferences\n"
    document = _with_subsection("Data Models & Relationships", part)
    assert found(document) == [("narrative/missing", "/entities/0/fields/0")]


def test_scripts_without_spaces_are_read() -> None:
    """In Chinese or Japanese a word stands beside its neighbours without a space."""
    changes = {"open_questions": ["\u7528\u6237\u8868"]}
    assert (
        found(
            _with_subsection("Open Questions", "\u662f\u5426\u7528\u6237\u8868\u53ef\u5206\n"),
            **changes,
        )
        == []
    )


@pytest.mark.parametrize(
    "text", ["a_b & <c> `d` *e*", "# not a heading", "[link](x) \\ ~~gone~~", "&lt;", "1. first"]
)
@pytest.mark.parametrize("write", [escape, code])
def test_text_is_found_as_a_reader_sees_it(text: str, write: Any) -> None:
    """Escapes, code spans and character references are read, not compared."""
    document = _with_subsection("Open Questions", f"- {write(text)}\n")
    assert found(document, open_questions=[text]) == []


def test_a_decision_in_another_subsection_does_not_count() -> None:
    """The store's technology belongs under storage, whatever the overview says."""
    document = DOCUMENT.replace("meal-planning logic", "Redis").replace(
        "- Cache: `Redis`", "- Cache"
    )
    assert found(document) == [("narrative/missing", "/storage/1/technology")]


@pytest.mark.parametrize("title", SUBSECTIONS)
def test_a_missing_subsection_is_found(title: str) -> None:
    """Its heading is named; what stood under it is still looked for, so nothing is said twice."""
    heading = f"### {title.partition(' (')[0]}\n"
    assert heading in DOCUMENT
    findings = narrative_findings(example_artifact(), DOCUMENT.replace(heading, ""))
    codes = [(f.code, f.expected) for f in findings]
    assert ("narrative/missing-subsection", f"### {title}") in codes
    assert sum(code == "narrative/missing-subsection" for code, _ in codes) == 1


def test_a_heading_inside_code_is_no_heading() -> None:
    """What a fenced block shows does not structure the document."""
    fenced = "```md\n### Open Questions\n```\n"
    document = DOCUMENT.replace("### Open Questions\n", fenced)
    assert ("narrative/missing-subsection", "") in found(document)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "text",
        DOCUMENT.replace("## Backend Design", "## Other"),
        DOCUMENT.replace("<!-- HUMAN_DOC_START -->", ""),
        f"````md\n{DOCUMENT}````\n",
    ],
    ids=["empty", "text", "theirs", "no marker", "quoted"],
)
def test_a_document_without_our_section_is_one_finding(document: str) -> None:
    """Nothing else is said where there is nothing to look at."""
    assert found(document) == [("narrative/no-section", "")]


def test_a_section_without_its_end_is_found_with_its_line() -> None:
    """The line of the start marker tells where to look."""
    document = DOCUMENT.replace("<!-- HUMAN_DOC_END -->\n", "")
    (finding,) = narrative_findings(example_artifact(), document)
    assert (finding.code, finding.line) == ("narrative/no-section", 5)


def test_a_missing_example_is_not_repeated() -> None:
    """A payload may hold what should not be shown, so the finding gives its place only."""
    secret = "s3cr3t-" + "value"
    apis = example()["apis"]
    apis["internal"][0]["payload_examples"]["POST"] = {"password": secret}
    findings = narrative_findings(example_artifact(apis=apis), DOCUMENT)
    assert [f.pointer for f in findings] == ["/apis/internal/0/payload_examples/POST"]
    assert all(secret not in f"{f.message}{f.expected}" for f in findings)


@pytest.mark.parametrize("rule", NARRATIVE_RULES, ids=lambda rule: rule.code)
def test_the_examples_of_its_page_are_true(rule: Any) -> None:
    """The bad example of each page gives the code; the good one does not."""
    page = (ROOT / rule.url).read_text("utf-8")
    bad, good = _EXAMPLES.findall(page)
    if rule.code == "narrative/no-section":
        pages = (bad, DOCUMENT.replace("<!-- HUMAN_DOC_START -->\n## Backend Design\n", good))
    else:
        title, _, body = good.removeprefix("### ").partition("\n")
        pages = (_with_subsection(title, bad, heading=False), _with_subsection(title, body))
    codes = [{code for code, _ in found(document)} for document in pages]
    assert rule.code in codes[0]
    assert codes[1] == set()


def _with_subsection(title: str, body: str, *, heading: bool = True) -> str:
    """Give the document with another body of one subsection."""
    head, mark, rest = DOCUMENT.partition(f"### {title}\n")
    assert mark
    ends = [i for i in (rest.find("\n### "), rest.find("\n<!--")) if i >= 0]
    return f"{head}{mark if heading else ''}\n{body}{rest[min(ends) :]}"
