"""The one-line notation of every answer type."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.answers import ANSWERS, answers

from quaestor_design_api.domain import notation
from quaestor_design_api.domain.notation.scan import split, whole
from quaestor_shared.contracts.answers import (
    EntitiesAnswer,
    EntityAnswer,
    ExternalApiAnswer,
    HandoffAnswer,
    InternalApiAnswer,
    StoresAnswer,
)
from quaestor_shared.contracts.artifact import AuthMethod, Method, StorageKind
from quaestor_shared.contracts.items import EntityItem, FieldSpec, StoreItem


@pytest.mark.parametrize("tag", sorted(notation.ANSWER_TAGS))
@given(data=st.data())
def test_round_trip(tag: str, data: st.DataObject) -> None:
    """What is written of an answer reads back as the same answer."""
    answer = data.draw(answers(tag))
    assert notation.read(tag, notation.write(answer)) == answer


def test_every_type_is_drawn() -> None:
    """The strategies know every answer type that has a notation."""
    assert set(ANSWERS) == notation.ANSWER_TAGS


@pytest.mark.parametrize("tag", sorted(notation.ANSWER_TAGS))
@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(tag: str, text: str) -> None:
    """A text is an answer, or is refused with a place inside it; nothing else happens."""
    try:
        notation.read(tag, text)
    except notation.NotationError as error:
        assert error.reason
        assert 0 <= error.position <= len(text)


def test_entities_with_shapes() -> None:
    """Names and whole shapes mix in one line, and commas in parentheses part nothing."""
    read = notation.read(
        "entities", "User: id uuid pk, price numeric(10,2) -> Plan | 100k a year; Plan, Recipe"
    )
    assert read == EntitiesAnswer(
        items=(
            EntityItem(
                name="User",
                fields=(
                    FieldSpec(name="id", type="uuid", constraints=("pk",)),
                    FieldSpec(name="price", type="numeric(10,2)"),
                ),
                relationships=("Plan",),
                expected_growth="100k a year",
            ),
            EntityItem(name="Plan"),
            EntityItem(name="Recipe"),
        )
    )


def test_entity_may_repeat_its_name() -> None:
    """The name before the colon of a shape is allowed and says nothing new."""
    bare = notation.read("entity", "id uuid pk, email text unique, preferences json -> MealPlan")
    named = notation.read(
        "entity", "UserProfile: id uuid pk, email text unique, preferences json -> MealPlan"
    )
    assert isinstance(bare, EntityAnswer)
    assert bare == named


def test_external_api() -> None:
    """Parts are told by their keyword; a comma inside a service level goes on with it."""
    read = notation.read(
        "external_api",
        "https://api.example.com/v1, auth api key, limit 50 requests/min, "
        "sla 99.5% uptime, p95 < 1s",
    )
    assert read == ExternalApiAnswer(
        endpoint="https://api.example.com/v1",
        auth_method=AuthMethod.API_KEY,
        rate_limits="50 requests/min",
        sla="99.5% uptime, p95 < 1s",
    )


def test_methods_with_examples() -> None:
    """An example payload follows its method, commas and all."""
    read = notation.read("internal_api", 'get, POST {"meals": ["id1", "id2"]}, delete')
    assert read == InternalApiAnswer(
        methods=(Method.GET, Method.POST, Method.DELETE),
        payload_examples={Method.POST: {"meals": ["id1", "id2"]}},
    )


def test_stores() -> None:
    """A store is a kind, then a technology, then notes in parentheses."""
    read = notation.read("stores", "sql PostgreSQL (primary, EU), cache Redis, blob")
    assert read == StoresAnswer(
        items=(
            StoreItem(kind=StorageKind.SQL, technology="PostgreSQL", notes="primary, EU"),
            StoreItem(kind=StorageKind.CACHE, technology="Redis"),
            StoreItem(kind=StorageKind.BLOB),
        )
    )


def test_handoff() -> None:
    """Dependencies are parted by commas, assumptions may have commas of their own."""
    read = notation.read("handoff", "identity.json, research.json; assumes US only, at first")
    assert read == HandoffAnswer(
        dependencies=("identity.json", "research.json"), assumptions=("US only, at first",)
    )


@pytest.mark.parametrize(
    "text", ["(" * 9_999 + "]" * 9_999, "{" + '"\\' * 9_999, "[(" * 9_999, "{" + '"a' * 9_999]
)
def test_brackets_take_linear_time(text: str) -> None:
    """Unpaired brackets and quotes without end are read in so many steps as there are marks."""
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event == "call"

    sys.setprofile(count)
    try:
        split(whole(text), ";")
    finally:
        sys.setprofile(None)
    assert steps < 5 * len(text)


@pytest.mark.parametrize(
    ("tag", "text", "position", "reason"),
    [
        ("entities", "User, Us$er", 8, "'$' cannot be part of it"),
        ("entities", "", 0, "at least one entity"),
        ("entity", "id uuid, id text", 9, "'id' stands twice"),
        ("entity", "-> Plan", 0, "the fields are missing"),
        ("external_api", "https://x.example, auth pasword", 24, "is no way to authenticate"),
        ("external_api", "https://x.example", 17, "the authentication is missing"),
        ("internal_api", "GET, FETCH", 5, "is no method"),
        ("internal_api", 'POST {"a": }', 11, "is not JSON"),
        ("internal_api", "POST NaN", 5, "can be kept"),
        ("internal_api", "POST 1e999", 5, "can be kept"),
        ("process", "asinc", 0, "did you mean async?"),
        ("stores", "sql Postgres, tape", 14, "is no kind of store"),
        ("stores", "sql Postgres (main", 13, "do not end"),
        ("audit", "logging all", 11, "'audit' is missing"),
        ("observability", "metrics a; b", 11, "start each part with what it is about"),
        ("text", "   ", 3, "is missing"),
        ("text", '{"type": "list", "items": []}', 0, "not 'text'"),
    ],
)
def test_refusals(tag: str, text: str, position: int, reason: str) -> None:
    """A bad text is refused with the reason and the place where it goes wrong."""
    with pytest.raises(notation.NotationError) as caught:
        notation.read(tag, text)
    assert reason in caught.value.reason
    assert caught.value.position == position
