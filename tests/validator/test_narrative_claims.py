"""What a document says more than its artifact, in value lines and in prose, or only hides."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.designs import artifacts, edited, example, example_artifact
from tests.support.validator import verdict
from tests.validator.test_narrative_edits import told

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.narrative import SUBSECTIONS, render_section
from quaestor_validator.domain.narrative import narrative_findings

SECTION = render_section(example_artifact())
FLOWS = "### Processing Flows\n"


def found(old: str, new: str, design: Any = None) -> list[tuple[str, str]]:
    """Give code and pointer of all that is found after an edit of the section."""
    assert old in SECTION
    artifact = msgspec.convert(design or example(), Artifact)
    findings = narrative_findings(artifact, SECTION.replace(old, new, 1))
    return [(finding.code.removeprefix("narrative/"), finding.pointer) for finding in findings]


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("residency: EU", "residency: EU and US", "says-more", "/compliance/residency"),
        (
            "Audit: ISO27001",
            "Audit: ISO27001 is not required",
            "contradiction",
            "/compliance/audit",
        ),
        ("Logging: audit log", "Logging: not audit log", "contradiction", "/compliance/logging"),
        ("Runs: `async`", "Runs: `async` or `sync`", "contradiction", "/processes/0/type"),
        ("`api_key`", "`api_key`, `oauth2`", "contradiction", "/apis/external/0/auth_method"),
        ("`cache`:", "`cache` of a sort:", "says-more", "/storage/1"),
        ("`GET`,", "`GET` (soon),", "says-more", "/apis/internal/0/methods"),
        ("p95 < 200ms", "p95 < 200ms, as agreed", "says-more", "/apis/internal/0/sla"),
        ("p95 < 200ms", "p95 < 200ms until 2027", "says-more", "/apis/internal/0/sla"),
        ("needed?", "needed? Ask legal.", "says-more", "/open_questions/0"),
        ('"id2"]}`', '"id2"]}` and more', "says-more", "/apis/internal/0/payload_examples/POST"),
    ],
)
def test_a_value_line_is_compared_as_a_whole(old: str, new: str, code: str, place: str) -> None:
    """To contain the value is not enough: more is more, and "not" or another choice is another."""
    assert found(old, new) == [(code, place)]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("We also use Kafka for events.", "unknown", "/storage"),
        ("Events go to mongodb.", "unknown", "/storage"),
        ("A copy is kept in SQL Server.", "unknown", "/storage"),
        ("Recipes come from https://api.edamam.com too.", "unknown", "/apis"),
        ("Everything has p95 < 50ms.", "free-claim", "/processes"),
        ("Every flow ends within 30 minutes.", "free-claim", "/processes"),
        ("The recalculate_plan job ends within 1h30m.", "unknown", "/processes/0"),
        ("Spoonacular has 99.99% availability.", "unknown", "/apis/external/0"),
        ("UserProfile grows to 900k in 12 months.", "unknown", "/entities/0/expected_growth"),
        ("UserProfile has a field `color`.", "free-claim", "/entities/0/fields"),
        ("The `Invoice` entity holds invoices.", "free-claim", "/entities"),
        ("**`Invoice`** is another entity.", "free-claim", "/entities"),
        ("`ShoppingList` has the rest, and `cart_total` its sum.", "free-claim", "/entities"),
        ("Call `DELETE /v1/shopping` first.", "free-claim", "/apis/internal"),
        ("MealPlanAPI also answers PATCH.", "unknown", "/apis/internal/0/methods"),
        ("Callers send PATCH requests.", "free-claim", "/apis/internal"),
        ("- One job writes to Kafka.", "unknown", "/storage"),
        ("| step | store |\n|---|---|\n| first | Kafka |", "unknown", "/storage"),
    ],
)
@pytest.mark.parametrize("before", [FLOWS, "## Backend Design\n", "### Open Questions\n"])
def test_a_claim_in_prose_is_found(before: str, text: str, code: str, place: str) -> None:
    """In any subsection, and before the first: stores, addresses, figures, names and methods."""
    if place == "/processes" and before != FLOWS:
        place = ""
    if before == "### Open Questions\n" and text.startswith("- "):
        code, place = "unknown", "/open_questions"
    assert set(found(before, f"{before}\n{text}\n")) == {(code, place)}


_HARMLESS = [
    "These are the flows of our planner; ask the platform team before a change.",
    "We do not use Kafka, and never MongoDB.",
    "Should we use Kafka?",
    "Postgres keeps what people wrote, with redis before it.",
    "Review every 2 weeks; 20% of our users are on phones, 64 GB of memory are enough.",
    "Read [the guide](https://wiki.example.org/guide) and `README.md`, then run `make serve`.",
    "UserProfile has `email` and `preferences`, and `user_profile_id` leads to it.",
    "MealPlanAPI answers GET and PUT within 200 ms, and `recalculate_plan` ends within 2 h.",
    "UserProfile grows to 100k in 12 months.",
    "Set `DATABASE_URL`, and `true` where `debug` is.",
    "The spanner of the oracle is an aurora of stars.",
]


@pytest.mark.parametrize("text", _HARMLESS)
@pytest.mark.parametrize("title", SUBSECTIONS[:7])
def test_harmless_prose_is_no_finding(title: str, text: str) -> None:
    """What says the same, denies, asks, or is about something else claims nothing."""
    heading = f"### {title}\n"
    if title.startswith("APIs"):
        text = text.replace("https://wiki.example.org/guide", "guide.md")
    assert found(heading, f"{heading}\n{text}\n") == []


@settings(deadline=None)
@given(artifacts(), st.sampled_from(SUBSECTIONS), st.sampled_from(_HARMLESS[:3] + _HARMLESS[-2:]))
def test_prose_in_the_section_of_any_design_adds_nothing(
    artifact: Artifact, title: str, text: str
) -> None:
    """Beside the lines of any design, harmless prose stays harmless."""
    heading = f"### {title}\n"
    head, mark, tail = render_section(artifact).partition(f"\n{heading}")
    assert narrative_findings(artifact, f"{head}{mark}\n{text}\n{tail}") == []


def test_another_order_of_items_is_no_finding() -> None:
    """Whole items may stand in any order."""
    design = {**example(), "processes": [], "open_questions": ["A?", "B?", "C?"]}
    for n, key in enumerate(("Basket", "Order", "Parcel")):
        entity = {"name": key, "fields": [f"f{n} int"], "relationships": [], "expected_growth": "9"}
        design["entities"].append(entity)
    other = {
        key: value[::-1] if isinstance(value, list) else value for key, value in design.items()
    }
    document = render_section(msgspec.convert(other, Artifact))
    assert told(document, msgspec.convert(design, Artifact)) == []


_ENTITY = (
    "- **`UserProfile`**\n  - Fields: `id`, `email`, `preferences`\n"
    "  - Relates to: `MealPlan`\n  - Expected growth: 100k in 12 months\n"
)


@pytest.mark.parametrize(
    "hidden",
    [
        "",
        f"<!-- {_ENTITY} -->\n",
        f"<!--\n{_ENTITY}-->\n",
        f"```\n{_ENTITY}```\n",
        f"~~{_ENTITY.strip()}~~\n",
        "- ~~**`UserProfile`** with `id`, `email`, `preferences`, 100k in 12 months~~\n",
        "Text <!-- UserProfile: `id`, `email`, `preferences`, `MealPlan` --> goes on.\n",
    ],
    ids=["dropped", "comment", "comment below", "fence", "struck", "struck item", "inside"],
)
def test_what_a_reader_does_not_see_is_not_told(hidden: str) -> None:
    """A dropped entity is one finding, at the entity; so is one in a comment, code, or struck."""
    assert found(_ENTITY, hidden) == [("missing", "/entities/0")]


def test_code_may_show_what_looks_like_a_comment() -> None:
    """In a code span, or escaped, the marks of comments and of struck text are text."""
    design = {**example(), "open_questions": ["a <!-- b --> c", "~~d~~", "e ~f~ g"]}
    section = render_section(msgspec.convert(design, Artifact))
    document = section.replace("\n\n### ", "\n\n\n### ").replace(
        "- a \\<!-- b --> c", "- `a <!-- b --> c`"
    )
    assert document.count("`a <!-- b --> c`") == 1
    assert told(document, msgspec.convert(design, Artifact)) == []


def test_an_item_told_twice_has_to_say_the_same() -> None:
    """The second time is compared as the first was."""
    again = _ENTITY.replace("100k", "900k").replace("`email`", "`mail`")
    assert found(_ENTITY, _ENTITY + _ENTITY) == []
    assert found(_ENTITY, _ENTITY + again) == [
        ("contradiction", "/entities/0/fields/1"),
        ("contradiction", "/entities/0/expected_growth"),
    ]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("storage", 0, "notes"), "/storage/0"),
        (("scaling", "notes"), "/scaling"),
        (("observability", "traces"), "/observability"),
        (("apis", "external", 0, "sla"), "/apis/external/0"),
        (("apis", "external", 0, "rate_limits"), "/apis/external/0"),
        (
            ("apis", "internal", 0, "payload_examples", "POST"),
            "/apis/internal/0/payload_examples",
        ),
    ],
)
def test_an_optional_member_that_only_the_document_has_is_found(path: Any, place: str) -> None:
    """The finding is at its parent, because the artifact has no such member."""
    assert found("", "", edited(example(), path)) == [("unknown", place)]


def test_an_example_that_only_the_document_has_is_not_shown() -> None:
    """A payload may hold what should not be repeated."""
    design = edited(example(), ("apis", "internal", 0, "payload_examples"), {})
    (finding,) = told(SECTION, msgspec.convert(design, Artifact))
    assert "id1" not in msgspec.json.encode(finding).decode()


@pytest.mark.parametrize(
    ("told_as", "place"),
    [
        ('{"meals":["id1","x"]}', "/meals/1"),
        ('{"meals":["id1"]}', "/meals"),
        ('{"meal":["id1","id2"]}', ""),
        ('{"meals":["x","y"]}', "/meals"),
        ("no JSON", ""),
    ],
)
def test_another_example_is_found_where_it_differs(told_as: str, place: str) -> None:
    """The place is the one value that differs, or what holds several."""
    example_place = "/apis/internal/0/payload_examples/POST"
    assert found('{"meals":["id1","id2"]}', told_as) == [("contradiction", example_place + place)]


def test_what_an_unknown_item_tells_is_its_own() -> None:
    """Figures and methods under a new heading do not belong to the item above."""
    api = "- **`ShoppingAPI`**\n  - Methods: `PATCH`\n  - Service level: p95 < 100ms\n"
    job = "- **`send_mail`**\n  - Runs: `batch`\n  - Service level: finish < 3h\n"
    assert found("\n#### External", f"{api}\n#### External") == [("unknown", "/apis")]
    assert found("\n### Storage", f"{job}\n### Storage") == [("unknown", "/processes")]


def test_a_row_of_a_table_may_be_an_item() -> None:
    """An unknown name in the first cell is found, in a table where items stand."""
    rows = "| entity | fields |\n|---|---|\n| UserProfile | id, email, preferences |\n"
    told_in_row = "| UserProfile | id, email, preferences, MealPlan, 100k in 12 months |\n"
    table = rows.replace("| UserProfile | id, email, preferences |\n", told_in_row)
    assert found(_ENTITY, table) == []
    assert found(_ENTITY, f"{table}| Invoice | amount |\n") == [("unknown", "/entities")]


def test_a_wrong_count_is_shown_as_it_is_written() -> None:
    """The overview's number comes with its word."""
    (finding,) = told(SECTION.replace("1 entity", "5 entities"))
    assert (finding.pointer, finding.actual) == ("/entities", '"5 entities"')


def test_a_claim_over_http_is_an_info() -> None:
    """It has its place in the document, and does not stop anything."""
    document = SECTION.replace(FLOWS, f"{FLOWS}\nThe `Invoice` entity holds invoices.\n")
    report = verdict(example(), narrative=document)
    (finding,) = [f for f in report["findings"] if f["code"] == "narrative/free-claim"]
    line = document.split("\n")[finding["line"] - 1]
    assert line[finding["column"] - 1 :].startswith("`Invoice`")
    assert finding["severity"] == "info"
    assert json.dumps(finding["rule_url"]) == '"docs/rules/narrative-free-claim.md"'


def test_a_large_document_of_prose_is_read_in_time() -> None:
    """Many sentences, spans, comments and strikes take no quadratic number of steps."""
    for text in (
        "We use Kafka, `Thing_a` and p95 < 5ms. ",
        "~~a ",
        "<!-- ",
        "`a ",
        "~~- a\n",
        "| A |\n",
    ):
        document = SECTION.replace(FLOWS, f"{FLOWS}\n{text * 3_000}\n")
        assert isinstance(narrative_findings(example_artifact(), document), list)
