"""Turns: which questions there are, what an answer changes, what it makes stale."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.answers import ANSWERS
from tests.support.interviews import AT, COMPLETE, complete_state, script, started, turn

from quaestor_design_api.domain.events import from_data, to_data
from quaestor_design_api.domain.places import design, provenance
from quaestor_design_api.domain.questions import all_questions, open_questions, progress
from quaestor_design_api.domain.stale import findings, stale
from quaestor_design_api.domain.state import State, fold
from quaestor_design_api.domain.turns import advance
from quaestor_shared.contracts.draft import Confidence
from quaestor_shared.contracts.sessions import AnswerInput


def numbers(state: State) -> list[str]:
    """Give the numbers of the open questions."""
    return [asked.number for asked in open_questions(script(), state)]


def test_first_questions() -> None:
    """A new session has the questions that stand for themselves, and none about items."""
    assert numbers(started()) == [
        "1.1", "2.1", "2.2", "3.1", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "6.1", "6.2",
    ]  # fmt: skip


def test_items_bring_questions() -> None:
    """Naming entities opens one question about the shape and one about the growth of each."""
    state = turn(started(), {"1.1": "User, Plan"}).state
    assert numbers(state)[:4] == ["1.2.1", "1.2.2", "1.3.1", "1.3.2"]


@pytest.mark.parametrize(
    ("number", "text", "opened"),
    [
        ("2.1", "Stripe", ["2.1.1"]),
        ("2.2", "PlanAPI", ["2.2.1", "2.3.1"]),
        ("3.1", "mail", ["3.1.1", "3.2.1", "3.3.1"]),
        ("4.1", "sql", ["4.1.1"]),
        ("2.1", "none", []),
    ],
)
def test_every_kind_of_item(number: str, text: str, opened: list[str]) -> None:
    """Every API, process and store that is named brings its own questions."""
    before = numbers(started())
    after = numbers(turn(started(), {number: text}).state)
    assert [n for n in after if n not in before] == opened
    assert number not in after


def test_question_ends_with_its_data() -> None:
    """A question whose data came with another answer is not asked."""
    state = turn(started(), {"1.1": "User: id uuid -> Plan | 1k; Plan"}).state
    assert numbers(state)[:2] == ["1.2.2", "1.3.2"]


def test_bad_answer_costs_only_itself() -> None:
    """The good answers of a turn land beside a refused one, which tells where and how."""
    result = turn(started(), {"1.1": "User", "1.2.1": "id, id", "1.3.1": "1k"})
    assert [a.question for a in result.accepted] == ["1.1", "1.3.1"]
    (refused,) = result.refused
    assert (refused.question, refused.position) == ("1.2.1", 4)
    assert "stands twice" in refused.reason
    assert refused.example == "id uuid pk, email text unique, preferences json -> MealPlan"


def test_order_inside_a_turn() -> None:
    """An item may be told of before the answer that names it, in the same turn."""
    result = turn(started(), {"1.3.1": "1k", "1.1": "User"})
    assert result.refused == ()
    assert design(script(), result.state)["entities"][0]["expected_growth"] == "1k"


def test_numbers_are_stable() -> None:
    """An item keeps its number when others come and go."""
    state = turn(started(), {"1.1": "User, Plan, Recipe"}).state
    state = turn(state, {"1.1": "Recipe, Plan, Food"}).state
    assert [n for n in numbers(state) if n.startswith("1.2")] == ["1.2.2", "1.2.3", "1.2.4"]
    result = turn(state, {"1.2.1": "id"})
    assert "no item has the number 1 now" in result.refused[0].reason


def test_same_answer_changes_nothing() -> None:
    """Saying again what is settled makes no event."""
    state = complete_state()
    result = turn(state, COMPLETE)
    assert result.events == ()
    assert len(result.accepted) == len(COMPLETE)
    assert result.state == state


def test_changed_pointers() -> None:
    """An accepted answer lists the places of the artifact that are new."""
    result = turn(complete_state(), {"1.3.2": "2M"})
    assert result.accepted[0].changed == ("/entities/1/expected_growth",)


def test_change_makes_stale() -> None:
    """Taking an entity away lists its answers and those that point at it, and nothing else."""
    result = turn(complete_state(), {"1.1": "UserProfile"})
    assert {(s.question, s.item) for s in result.stale} == {
        ("1.3.2", "MealPlan"),
        ("1.2.1", "UserProfile"),
    }
    assert [f.code for f in findings(script(), result.state)] == ["references/unknown-entity"]


def test_stale_answers_come_back() -> None:
    """An item that is named again has its answers again."""
    before = complete_state()
    gone = turn(before, {"1.1": "UserProfile"}).state
    back = turn(gone, {"1.1": COMPLETE["1.1"]}).state
    assert stale(script(), back) == ()
    assert design(script(), back) == design(script(), before)


def test_skip_sets_aside() -> None:
    """A required question that is skipped comes last; an optional one is settled."""
    state = turn(started(), {"1.1": "skip", "4.2": "Skip."}).state
    assert numbers(state)[-1] == "1.1"
    assert "4.2" not in numbers(state)


def test_skip_of_a_settled_question() -> None:
    """An answer that is needed cannot be skipped away."""
    result = turn(complete_state(), {"4.3": "skip"})
    assert "answered already" in result.refused[0].reason


def test_unknown() -> None:
    """What nobody knows becomes an open question, where the design can live with that."""
    state = turn(started(), {"1.1": "User"}).state
    result = turn(state, {"1.3.1": "unknown", "1.2.1": "unknown"})
    assert [a.confidence for a in result.accepted] == [Confidence.UNKNOWN]
    assert "cannot do without" in result.refused[0].reason
    assert "1.3.1" not in numbers(result.state)


def test_assume() -> None:
    """An assumed answer counts, and says that it is assumed."""
    result = turn(started(), {"4.3": "assume: horizontal pods"})
    leaf = provenance(script(), result.state)["/scaling/strategy"]
    assert (leaf.confidence, leaf.question, leaf.author, leaf.at, leaf.version) == (
        Confidence.ASSUMED, "4.3", "ada", AT, 2,
    )  # fmt: skip


def test_json_answer() -> None:
    """JSON and text give the same answer; bad JSON is refused with its place."""
    inputs = [
        AnswerInput(question="1.1", value={"type": "entities", "items": [{"name": "User"}]}),
        AnswerInput(question="4.3", value={"type": "text", "text": 5}),
        AnswerInput(question="5.3", value={"type": "text", "text": "EU"}),
        AnswerInput(question="6.2", text="none", value={"type": "list", "items": []}),
    ]
    result = advance(script(), started(), inputs, author="ada", at=AT)
    text = turn(started(), {"1.1": "User"})
    assert result.accepted == text.accepted
    assert [(r.question, r.pointer) for r in result.refused] == [
        ("4.3", "/text"), ("5.3", "/type"), ("6.2", None),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["User, user", "Meal Plan, meal_plan", "sql, sql"])
def test_names_once(text: str) -> None:
    """Two items whose names differ in spelling alone are one item named twice."""
    number = "4.1" if text.startswith("sql") else "1.1"
    assert turn(started(), {number: text}).refused


def test_deep_payloads() -> None:
    """An example payload that is nested too deep to be stored and audited is refused."""
    deep = turn(started(), {"2.2": f"A: POST {'[' * 40 + ']' * 40}"})
    assert "levels deep" in deep.refused[0].reason
    bottomless = turn(started(), {"2.2": f"A: POST {'[' * 9_000}{']' * 9_000}"})
    assert bottomless.refused[0].question == "2.2"
    assert turn(started(), {"2.2": f"A: POST {'[' * 20 + ']' * 20}"}).refused == ()


def test_unnumbered_text() -> None:
    """Text without a number answers the first open question."""
    result = advance(script(), started(), [], unnumbered="User", author="ada", at=AT)
    assert result.accepted[0].question == "1.1"


def test_progress() -> None:
    """Progress counts what exists, and is whole when nothing required is missing."""
    assert progress(script(), all_questions(script(), started())).percent == 0
    done = progress(script(), all_questions(script(), complete_state()))
    assert (done.percent, done.ready, done.missing_required) == (100, True, 0)


NUMBERS = [
    *("1.1", "1.2.1", "1.2.2", "1.3.1", "2.1", "2.1.1", "2.2", "2.2.1", "2.3.1", "3.1", "3.1.1"),
    *("3.2.1", "3.3.1", "4.1", "4.1.1", "4.2", "4.3", "5.1", "5.2", "5.3", "6.1"),
]
TEXTS = [
    *("A, B", "A: id -> B | 1k; C", "B", "id uuid -> A", "GET, POST {}", "none", "skip"),
    *("unknown", "assume x", "sql X (y), cache", "sync", "https://x, auth none", "EU"),
]
TURNS = st.lists(
    st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(TEXTS), max_size=5), max_size=8
)


@given(turns=TURNS)
def test_laws_of_any_interview(turns: list[dict[str, str]]) -> None:
    """Whatever is answered: the journal folds to the state, and each number means one question."""
    state = started()
    for answers in turns:
        result = turn(state, answers)
        stored = [from_data(*to_data(event)) for event in result.events]
        assert fold(script(), state, stored) == result.state
        assert len(result.accepted) + len(result.refused) == len(answers)
        assert result.state.version == state.version + len(result.events)
        state = result.state
        asked = [question.number for question in all_questions(script(), state)]
        assert len(asked) == len(set(asked))
        missing = set(numbers(state))
        assert missing <= set(asked)
        msgspec.json.encode(design(script(), state))


@given(data=st.data())
def test_any_json_answer_is_taken_or_refused(data: st.DataObject) -> None:
    """An answer of any type to any question is taken or refused, never a crash."""
    tag = data.draw(st.sampled_from(sorted(ANSWERS)))
    value = {"type": tag, **data.draw(ANSWERS[tag])}
    number = data.draw(st.sampled_from([q.number for q in all_questions(script(), started())]))
    result = advance(
        script(), started(), [AnswerInput(question=number, value=value)], author="a", at=AT
    )
    assert len(result.accepted) + len(result.refused) == 1
