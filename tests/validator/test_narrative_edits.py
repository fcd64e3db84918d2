"""A document that people have changed: each difference is found at its line and its pointer."""

import json
from collections.abc import Sequence
from typing import Any

import jsonpatch
import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.designs import artifacts, at, edited, example, example_artifact, leaves
from tests.support.narratives import DOCUMENT
from tests.support.validator import verdict

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding
from quaestor_shared.narrative import render_section
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.narrative import narrative_findings

Path = tuple[str | int, ...]
SECTION = render_section(example_artifact())
_TOLD = {f"narrative/{code}" for code in ("contradiction", "unknown", "says-more", "free-claim")}
_CHOICES = {"type": "batch", "kind": "search", "methods": "HEAD", "auth_method": "oidc"}
_IDENTITY = {"feature_id": "another-one", "created_at": "2026-01-01T00:00:00Z"}


def told(document: str, artifact: Artifact | None = None) -> list[Finding]:
    """Give what a document tells otherwise than its artifact, or beside it."""
    found = narrative_findings(artifact or example_artifact(), document)
    return [finding for finding in found if finding.code in _TOLD]


def changed_line(before: str, after: str) -> int:
    """Give the number of the only line in which two texts of as many lines differ."""
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    (number,) = [n for n, (old, new) in enumerate(pairs, 1) if old != new]
    return number


def other_value(path: Path) -> str:
    """Give a value that may stand at a path, and that no design of these tests has there."""
    known = {**_CHOICES, **_IDENTITY}
    step = path[-2] if isinstance(path[-1], int) else path[-1]
    return known.get(str(step), "Zyxwvut")


@pytest.mark.parametrize("path", leaves(example()), ids=pointer)
@pytest.mark.parametrize(
    "above", ["", "# Theirs\r\n\r\nText\rmore\n\n"], ids=["alone", "below others"]
)
def test_every_leaf_of_the_example_is_found_when_it_is_told_otherwise(
    path: Path, above: str
) -> None:
    """The finding has the line, and a pointer to the leaf or to the list that it stands in."""
    if "payload_examples" in path:
        path = path[: path.index("payload_examples") + 2]
        value: Any = {"meals": ["other"]}
    else:
        value = other_value(path)
    if not at(example(), path):
        return  # a text that is empty is told by nothing
    document = render_section(example_artifact(**edited(example(), path, value)))
    lines = above.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    (finding,) = told(above + document)
    assert finding.line == changed_line(SECTION, document) + lines
    assert finding.pointer == pointer((*path, "meals") if "payload_examples" in path else path)
    assert finding.code == "narrative/contradiction"
    assert finding.column is not None
    assert finding.column > 1 or path[0] == "scaling"


@settings(deadline=None)
@given(artifacts())
def test_a_section_that_is_laid_out_anew_has_no_finding(artifact: Artifact) -> None:
    """Block by block, what is written from any design says what the design says."""
    section = render_section(artifact)
    assert told(section.replace("\n\n### ", "\n\n\n### "), artifact) == []


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_every_leaf_of_any_design_is_found_when_it_is_told_otherwise(data: st.DataObject) -> None:
    """Change one text of a design, and its old artifact finds the line in the new document."""
    artifact = _with_names(data.draw(artifacts()))
    design = json.loads(msgspec.json.encode(artifact))
    paths = [path for path in leaves(design) if _is_plain(design, path)]
    path = data.draw(st.sampled_from(paths))
    retold = edited(design, path, other_value(path))
    document = render_section(msgspec.convert(retold, Artifact))
    line = changed_line(render_section(artifact), document)
    places = {(finding.line, finding.pointer) for finding in told(document, artifact)}
    assert places & {(line, pointer(path)), (line, pointer(path[:-1]))}


def _with_names(artifact: Artifact) -> Artifact:
    """Give a design whose items have names, each its own, as the rules ask for."""
    design = json.loads(msgspec.json.encode(artifact))
    lists = [design["entities"], design["processes"], *design["apis"].values(), design["storage"]]
    for number, item in enumerate(item for items in lists for item in items):
        key = next(key for key in ("name", "provider", "technology") if key in item)
        item[key] = f"{item[key]} n{number}"
    return msgspec.convert(design, Artifact)


def _is_plain(design: Any, path: Path) -> bool:
    """Say whether a leaf is a text of its own, which nothing beside it says too."""
    value = at(design, path)
    if "payload_examples" in path or not str(value).strip() or value == other_value(path):
        return False
    beside = at(design, path[:-1])
    return not isinstance(path[-1], int) or (
        len(set(beside)) == len(beside) and _CHOICES.get(str(path[-2])) not in beside
    )


@settings(deadline=None, max_examples=200)
@given(artifacts(), st.randoms(use_true_random=False))
def test_a_patch_makes_the_artifact_say_what_the_document_says(
    artifact: Artifact, chance: Any
) -> None:
    """Applied to the artifact, the patches leave nothing to find in the document."""
    design = json.loads(msgspec.json.encode(artifact))
    paths = [
        path
        for path in leaves(design)
        if _is_plain(design, path) and path[0] not in _IDENTITY and path[0] != "version"
    ]
    assume(paths)
    path = chance.choice(paths)
    document = render_section(msgspec.convert(edited(design, path, other_value(path)), Artifact))
    findings = told(document, artifact)
    assume(all(finding.fix and finding.fix.patch for finding in findings))
    for finding in findings:
        assert finding.fix is not None
        operations = json.loads(msgspec.json.encode(finding.fix.patch))
        design = jsonpatch.apply_patch(design, operations)
    assert told(document, msgspec.convert(design, Artifact)) == []


_ADDED = [
    ("  - Fields: `id`", "  - Fields: `id`, `phone`", "/entities/0/fields"),
    ("`GET`", "`GET`, `HEAD`", "/apis/internal/0/methods"),
    ("- HIPAA storage needed?", "- HIPAA storage needed?\n- Who pays?", "/open_questions"),
    ("  - US-only rollout", "  - US-only rollout\n  - one currency", "/assumptions"),
    ("`req/sec`", "`req/sec`, `errors`", "/observability/metrics"),
    ("- **`S3`**", "- **`Kafka`** as `queue`: events\n- **`S3`**", "/storage"),
    ("Scaling: horizontal", "We may add MongoDB.\n\nScaling: horizontal", "/storage"),
    (
        "- **`recalculate_plan`**",
        "- **`send_mail`**\n  - Runs: `sync`\n- **`recalculate_plan`**",
        "/processes",
    ),
    ("#### External", "- **`PantryAPI`**\n  - Methods: `GET`\n\n#### External", "/apis"),
    (
        "  - Rate limit: 50 requests/min",
        "  - Rate limit: 50 requests/min, then 5 requests/min",
        "/apis/external/0/rate_limits",
    ),
    (
        "  - Service level: finish < 2h",
        "  - Service level: finish < 2h\n  - It has 3h on Sundays.",
        "/processes/0",
    ),
    (
        "  - Service level: p95 < 200ms",
        "  - Service level: p95 < 200ms\n  - TRACE, HEAD and OPTIONS: HEAD is planned.",
        "/apis/internal/0/methods",
    ),
    ("#### External\n", "#### External\n\nSee https://api.example.org/v2 too.\n", "/apis"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place"), _ADDED)
def test_what_only_the_document_tells_of_is_found(old: str, new: str, place: str) -> None:
    """Names, values, figures, methods, addresses and stores that the artifact does not have."""
    assert old in SECTION
    document = SECTION.replace(old, new, 1)
    found = told(document)
    assert {finding.code for finding in found} == {"narrative/unknown"}
    assert {finding.pointer for finding in found} == {place}
    lines = document.split("\n")
    for finding in found:
        assert finding.line is not None
        assert lines[finding.line - 1] not in SECTION.split("\n")


_HARMLESS = [
    (
        "  - Service level: p95 < 200ms",
        "  - Service level: p95 < 200ms\n  - As agreed with the app team.",
    ),
    ("Scaling: horizontal pods", "Scaling: horizontal pods, with AKS autoscale"),
    (
        "### Processing Flows\n",
        "### Processing Flows\n\nJobs run in our cluster; ask ops before a change.\n",
    ),
    ("  - Fields: `id`, `email`, `preferences`", "  - Fields: `preferences`, `id`, `email`"),
    ("  - Fields: `id`, `email`, `preferences`", "  - Fields: id, email, preferences"),
    ("  - Authentication: `api_key`", "  - Authentication: an API key"),
    ("- **`S3`** as `blob`", "- **`S3`** as `blob` storage"),
    (
        "- **`Redis`** as `cache`: fast lookup\n",
        "- **`Redis`** as `cache`: fast lookup\n  - Note: 64 GB of memory, one replica\n",
    ),
    ("- Logging: audit log", "- **Logging**: audit log"),
    ("### Open Questions\n", "### Open Questions\n\nOwner: Ada. Review every 2 weeks.\n"),
    ("#### Internal\n", "#### Internal\n\nSee [our guide](guide.md).\n"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), _HARMLESS)
def test_what_people_add_around_it_is_no_finding(old: str, new: str) -> None:
    """Other words, another order, another style and notes contradict nothing."""
    assert old in SECTION
    assert told(SECTION.replace(old, new, 1)) == []


_OWN_LAYOUT = [
    (
        "answers GET, POST, PUT and DELETE",
        "answers GET, POST, PUT, PATCH and DELETE",
        "/apis/internal/0/methods",
    ),
    ("99.5% uptime", "99.5% uptime and p99 < 3s", "/apis/external/0"),
    ("S3 (blob): images and files", "S3 (blob): images and files\n- Queue: `RabbitMQ`", "/storage"),
    ("### APIs & Services", "#### Household\n\nHas people.\n\n### APIs & Services", "/entities"),
    (
        "* **Spoonacular** at",
        "* **StripeAPI** at <https://api.stripe.com>\n* **Spoonacular** at",
        "/apis",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place"), _OWN_LAYOUT)
def test_a_document_in_another_layout_is_read_too(old: str, new: str, place: str) -> None:
    """In people's own words, figures, methods, stores and names beside known ones are seen."""
    assert old in DOCUMENT
    assert told(DOCUMENT) == []
    assert place in {finding.pointer for finding in told(DOCUMENT.replace(old, new, 1))}


def test_a_retold_decision_is_one_finding() -> None:
    """What is contradicted is not said to be missing as well."""
    found = narrative_findings(example_artifact(), SECTION.replace("`email`", "`mail`"))
    assert [(f.code, f.pointer) for f in found] == [
        ("narrative/contradiction", "/entities/0/fields/1")
    ]
    assert found[0].did_you_mean == "email"


def test_an_example_is_not_repeated() -> None:
    """A payload may hold what should not be shown: neither value nor patch has it."""
    secret = "s3cr3t-" + "value"
    (finding,) = told(SECTION.replace('"id1"', f'"{secret}"'))
    assert finding.pointer == "/apis/internal/0/payload_examples/POST/meals/0"
    assert secret not in msgspec.json.encode(finding).decode()


def test_a_finding_over_http_has_its_place_in_the_document() -> None:
    """Line and column are those of the narrative, not of the request."""
    report = verdict(example(), narrative=SECTION.replace("p95 < 200ms", "p95 < 300ms"))
    (finding,) = [f for f in report["findings"] if f["code"] == "narrative/contradiction"]
    lines: Sequence[str] = SECTION.split("\n")
    assert "p95 < 200ms" in lines[finding["line"] - 1]
    assert lines[finding["line"] - 1].index("p95") + 1 == finding["column"]
    assert finding["end_line"] == finding["line"]
    assert finding["end_column"] == finding["column"] + len("p95 < 300ms")
    assert finding["fix"]["patch"][-1]["value"] == "p95 < 300ms"


@settings(deadline=None, max_examples=100)
@given(artifacts(), st.text(st.sampled_from("`*_-#|>[]()!~\n \\ab1:,."), max_size=300))
def test_no_document_breaks_the_comparison(artifact: Artifact, noise: str) -> None:
    """Whatever stands in a section, there is an answer, with places inside of the document."""
    section = render_section(artifact)
    middle = len(section) // 2
    document = section[:middle] + noise + section[middle:]
    for finding in narrative_findings(artifact, document):
        assert finding.line is None or finding.line <= document.count("\n") + 1


def test_a_large_document_of_strangers_is_read_in_time() -> None:
    """Ten thousand unknown names and figures do not take a quadratic number of steps."""
    names = "\n".join(f"- **`Thing{n}`**\n  - Fields: `a{n}`" for n in range(10_000))
    document = SECTION.replace("### APIs & Services", f"{names}\n\n### APIs & Services")
    assert len(told(document)) >= 100
