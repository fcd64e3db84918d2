"""Finalize in the engine: what is missing, and what both files say."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.support.interviews import COMPLETE, complete_state, complete_with, script, started, turn

from quaestor_design_api.domain.outcome import (
    label_after,
    missing,
    render,
    section_of,
    unchanged,
)
from quaestor_design_api.markdown_reply import as_markdown
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.sessions import Finalization, OutcomeFile
from quaestor_shared.sections import END, START


def test_missing_lists_numbers() -> None:
    """A new session lacks every required question, by number."""
    gaps = missing(script(), started())
    assert gaps is not None
    assert [q.number for q in gaps.questions] == [
        "1.1", "2.1", "2.2", "3.1", "4.1", "4.3", "5.1", "5.2", "5.3", "6.1", "6.2",
    ]  # fmt: skip
    assert missing(script(), complete_state()) is None


def test_contradiction_blocks() -> None:
    """A relationship to an entity that does not exist keeps a design from being finalized."""
    state = turn(complete_state(), {"1.2.2": "id uuid -> Ghost"}).state
    gaps = missing(script(), state)
    assert gaps is not None
    assert [(f.question, f.pointer) for f in gaps.findings] == [
        ("1.2.2", "/entities/1/relationships")
    ]


def test_artifact() -> None:
    """The artifact has what was answered, with assumptions and open questions added."""
    state = turn(complete_state(), {"4.3": "assume horizontal pods", "1.3.2": "unknown"}).state
    outcome = render(script(), state, label="1.0.0", document=b"")
    artifact = outcome.artifact
    assert artifact.entities[0].fields == ("id uuid pk", "email text unique")
    assert artifact.entities[1].expected_growth == "unknown"
    assert artifact.assumptions == (
        "US-only rollout",
        "By which strategy does the backend grow and scale? (4.3) Assumed: horizontal pods",
    )
    assert artifact.open_questions == ("HIPAA storage needed?", "How will MealPlan grow? (1.3.2)")
    assert msgspec.json.decode(outcome.json, type=Artifact) == artifact


def test_same_bytes() -> None:
    """The same answers and the same clock give the same bytes, whatever the turns were."""
    first = render(script(), complete_state(), label="1.0.0", document=b"")
    state = turn(started(), {"6.2": "HIPAA storage needed?"}).state
    second = render(script(), turn(state, COMPLETE).state, label="1.0.0", document=b"")
    assert (first.document, first.json) == (second.document, second.json)


def test_subsections() -> None:
    """The section has its markers, its heading and the eight subsections in their order."""
    section = section_of(render(script(), complete_state(), label="1.0.0", document=b"").document)
    assert section.startswith(START.decode() + "\n\n## Backend Design\n")
    assert section.endswith(END.decode())
    assert [line[4:] for line in section.splitlines() if line.startswith("### ")] == [
        "Backend Overview",
        "Data Models & Relationships",
        "APIs & Services (internal/external)",
        "Processing Flows",
        "Storage & Scaling Strategy",
        "Compliance & Observability",
        "Dependencies & Assumptions",
        "Open Questions",
    ]


def test_other_authors_bytes() -> None:
    """What others wrote before and after the section stays, byte for byte."""
    before, after = b"# Plan\r\n\xff\xfe mine\r\n\r\n", b"\n\n## Frontend\r\nyours"
    first = render(script(), complete_state(), label="1.0.0", document=before).document
    changed = turn(complete_state(), {"1.3.2": "2M"}).state
    second = render(script(), changed, label="1.1.0", document=first + after).document
    assert first.startswith(before)
    assert second.startswith(before)
    assert second.endswith(after)
    assert b"2M" in second
    assert b"1M" not in second
    assert second.count(START) == 1


def test_labels() -> None:
    """The first label is 1.0.0; a changed design goes a minor version up from the newest."""
    state = complete_state()
    assert label_after(state, None) == "1.0.0"
    assert label_after(state, "1.4.0") == "1.5.0"
    assert label_after(state, "draft") == "1.0.0"
    assert not unchanged(state)


def test_improvements() -> None:
    """The ideas tell of what was refused, unknown, assumed, skipped, changed and lost."""
    state = turn(complete_state(), {"1.3.2": "unknown", "4.3": "assume pods", "9.9": "x"}).state
    state = turn(state, {"1.1": "UserProfile: id -> UserProfile"}).state
    for text in ("EU", "US", "EU only"):
        state = turn(state, {"5.3": text}).state
    ideas = "\n".join(render(script(), state, label="1.0.0", document=b"").improvements)
    for start in ("9.9: an answer was refused once", "4.3: answered by assumption", "4.2: skipped",
                  "5.3: the answer was changed 2 times", "1.1: the list was completed once",
                  "1.3.2: answered for nothing"):  # fmt: skip
        assert start in ideas


def test_no_improvements() -> None:
    """An interview without a hitch gives no ideas."""
    state = turn(complete_state(), {"4.2": "one replica"}).state
    assert render(script(), state, label="1.0.0", document=b"").improvements == ()


def test_markdown_reply() -> None:
    """The reply in Markdown is two fenced blocks, and a third for ideas, with nothing outside."""
    files = tuple(
        OutcomeFile(path="p", media_type="m", content=content, digest="d", version=1, url="u")
        for content in ("# Doc\n\n````py\nx\n````\n", '{"a": "```"}\n')
    )
    outcome = Finalization(
        session_id="s",
        feature_id="f",
        label="1.0.0",
        created=True,
        files=files,
        improvements=("an idea",),
    )
    tokens = MarkdownIt().parse(as_markdown(outcome))
    assert [(t.type, t.info, t.content) for t in tokens] == [
        ("fence", "md", files[0].content),
        ("fence", "json", files[1].content),
        ("fence", "text", "- an idea\n"),
    ]
    bare = MarkdownIt().parse(as_markdown(msgspec.structs.replace(outcome, improvements=())))
    assert len(bare) == 2


@given(data=st.data())
def test_whatever_is_finalized_is_well_formed(data: st.DataObject) -> None:
    """Any complete interview gives an artifact of the schema and a section that is found again."""
    state = complete_with(data)
    if missing(script(), state) is not None:
        return
    outcome = render(script(), state, label="1.0.0", document=b"intro\n")
    assert json.loads(outcome.json)["feature_id"] == "any-feature"
    section = section_of(outcome.document)
    assert section.count(START.decode()) == 1
    again = render(script(), state, label="1.0.0", document=outcome.document)
    assert again.document == outcome.document
