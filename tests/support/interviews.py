"""Sessions in the engine alone: no HTTP, a clock that stands still."""

from collections.abc import Mapping

from hypothesis import strategies as st
from tests.support.answers import ANSWERS

from quaestor_design_api.domain.events import Started
from quaestor_design_api.domain.outcome import missing
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.state import State, fold
from quaestor_design_api.domain.turns import TurnResult, advance
from quaestor_design_api.scripts import load_scripts
from quaestor_shared.contracts.sessions import AnswerInput

__all__ = ["AT", "COMPLETE", "complete_state", "complete_with", "script", "started", "turn"]

AT = "2026-01-31T16:00:00.000000Z"

COMPLETE: Mapping[str, str] = {
    "1.1": "UserProfile: id uuid pk, email text unique -> MealPlan; MealPlan: id uuid pk",
    "1.3.1": "100k in 12 months",
    "1.3.2": "1M in 12 months",
    "2.1": "Spoonacular: https://api.spoonacular.com/mealplanner, auth api_key",
    "2.2": 'MealPlanAPI: GET, POST {"meals": ["id1"]}, sla p95 < 200ms',
    "3.1": "recalculate_plan: async, nightly recalculation, sla finish < 2h",
    "4.1": "sql PostgreSQL (primary datastore), cache Redis, queue RabbitMQ",
    "4.2": "skip",
    "4.3": "horizontal pods",
    "5.1": "logging every access; audit ISO27001",
    "5.2": "metrics req/sec, latency; health liveness, readiness; traces OpenTelemetry",
    "5.3": "EU",
    "6.1": "identity.json, research.json; assumes US-only rollout",
    "6.2": "HIPAA storage needed?",
}


def script() -> Script:
    """Give the newest script of the first profile."""
    newest = load_scripts().newest("backend-designer")
    assert newest is not None
    return newest


def started(feature_id: str = "meal-planner-v1") -> State:
    """Give a session that was just created."""
    event = Started(
        at=AT, author="ada", feature_id=feature_id, profile="backend-designer", script_version="1"
    )
    return fold(script(), State(), [event])


def turn(state: State, answers: Mapping[str, str], *, at: str = AT) -> TurnResult:
    """Take one turn of text answers by number."""
    inputs = [AnswerInput(question=number, text=text) for number, text in answers.items()]
    return advance(script(), state, inputs, author="ada", at=at)


def complete_state() -> State:
    """Give a session that can be finalized."""
    result = turn(started(), COMPLETE)
    assert result.refused == ()
    return result.state


def complete_with(data: st.DataObject) -> State:
    """Answer every question with drawn answers, until nothing required is missing if it can be."""
    state = started("any-feature")
    for _ in range(4):
        gaps = missing(script(), state)
        if gaps is None:
            return state
        inputs = [
            AnswerInput(
                question=q.number,
                value={"type": q.answer_type, **data.draw(ANSWERS[q.answer_type])},
            )
            for q in gaps.questions
        ]
        state = advance(script(), state, inputs, author="ada", at=AT).state
        names = state.items.get("entities", ("Entity",))
        loose = () if gaps.questions else gaps.findings
        mended = [AnswerInput(question=f.question or "", text=f"id -> {names[0]}") for f in loose]
        state = advance(script(), state, mended, author="ada", at=AT).state
    return state
