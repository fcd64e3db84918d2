"""What a change of a field, a service level, a name or a list of texts counts as."""

from typing import Any

import pytest
from msgspec import UNSET
from tests.support.designs import edited, example, example_artifact

from quaestor_validator.domain.diff.artifacts import artifact_changes
from quaestor_validator.domain.diff.types import read_type, turned_away


def codes(before: Any, after: Any) -> list[str]:
    """Give the codes of the changes between two documents, without the family."""
    changes = artifact_changes(example_artifact(**before), example_artifact(**after))
    return [change.code.removeprefix("diff/") for change in changes]


def with_fields(*fields: str) -> dict[str, Any]:
    """Give the example with other fields of its entity."""
    changed: dict[str, Any] = edited(example(), ("entities", 0, "fields"), list(fields))
    return changed


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("a int", "a bigint", ["field-widened"]),
        ("a bigint", "a int", ["field-narrowed"]),
        ("a varchar(20)", "a varchar(80)", ["field-widened"]),
        ("a varchar(80)", "a VARCHAR(20)", ["field-narrowed"]),
        ("a text", "a uuid", ["field-narrowed"]),
        ("a uuid", "a text", ["field-widened"]),
        ("a int", "a text", ["field-narrowed"]),
        ("a int", "a number", ["field-widened"]),
        ("a numeric(10, 2)", "a numeric(10, 1)", ["field-narrowed"]),
        ("a enum(x,y)", "a enum(x,y,z)", ["field-widened"]),
        ("a enum(x,y)", "a enum(x)", ["field-narrowed"]),
        ("a int[]", "a bigint[]", ["field-widened"]),
        ("a int", "a int[]", ["field-narrowed"]),
        ("a timestamp", "a timestamptz", ["wording-changed"]),
        ("a text", "a TEXT", ["wording-changed"]),
        ("a tsvector", "a ltree", ["field-narrowed"]),
        ("a tsvector", "a TSVECTOR", ["wording-changed"]),
        ("a", "a text", ["wording-changed"]),
        ("a text", "a  text", ["wording-changed"]),
        ("a text", "a text unique", ["field-constrained"]),
        ("a text unique", "a text", ["field-relaxed"]),
        ("a text", "a text not null", ["field-required"]),
        ("a text", "a text not null default ''", ["wording-changed"]),
        ("a text required", "a text optional", ["field-relaxed"]),
        ("a text", "a text pk", ["field-required", "field-constrained"]),
        ("a int", "a int 1..5", ["field-constrained"]),
        ("a text", "a text indexed encrypted", ["wording-changed"]),
    ],
)
def test_a_change_of_a_field(old: str, new: str, code: list[str]) -> None:
    """What counts is which rows are taken."""
    assert codes(with_fields(old), with_fields(new)) == code


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (["a text", "b int"], ["c text", "b int"], ["field-renamed"]),
        (["mail text", "b int"], ["b int", "email text"], ["field-renamed"]),
        (["user_id uuid"], ["b int", "userId uuid"], ["field-renamed", "field-added"]),
        (["a text", "b int"], ["b int", "zzz text"], ["field-removed", "field-added"]),
        (["a", "b"], ["b", "c"], ["field-removed", "field-added"]),
        (["a text", "b text"], ["c text", "d text"], ["field-removed"] * 2 + ["field-added"] * 2),
        (["a text"], ["a text", "b text required"], ["field-required"]),
        (["a text"], ["a text", "b text required default x"], ["field-added"]),
    ],
)
def test_a_field_that_comes_or_goes(before: list[str], after: list[str], code: list[str]) -> None:
    """A field was renamed when its type is found again where it was, or under a name alike."""
    assert codes(with_fields(*before), with_fields(*after)) == code


@pytest.mark.parametrize("old", ["text", "varchar(5)", "int", "numeric(5,2)", "enum(a,b)", "json"])
@pytest.mark.parametrize(
    "new", ["text", "varchar(9)", "bigint", "float", "uuid", "boolean", "date"]
)
def test_a_value_that_is_turned_away_is_one(old: str, new: str) -> None:
    """Each is taken by the one type and not by the other."""
    was, now = read_type(old), read_type(new)
    assert was is not None
    assert now is not None
    values = turned_away(old, new)
    assert values is not None
    assert all(was.takes(value) and not now.takes(value) for value in values)


_INTERNAL = ("apis", "internal", 0, "sla")
_GROWTH = ("entities", 0, "expected_growth")
_LIMIT = ("apis", "external", 0, "rate_limits")


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (_INTERNAL, "p95 < 200ms", "p95 < 0.2 s", ["wording-changed"]),
        (_INTERNAL, "p95 < 200ms", "p95 < 1 s", ["level-loosened"]),
        (_INTERNAL, "p95 < 200ms", "p99 < 200ms", ["level-tightened"]),
        (_INTERNAL, "p99 < 200ms", "p95 < 200ms", ["level-loosened"]),
        (_INTERNAL, "p95 < 200ms", "p95 < 100ms, 99.9% uptime", ["level-tightened"]),
        (_INTERNAL, "p95 < 200ms, 99.9% uptime", "p95 < 200ms", ["level-loosened"]),
        (_INTERNAL, "99.5% uptime", "99.9% uptime", ["level-tightened"]),
        (_INTERNAL, "99.9% uptime", "99% uptime", ["level-loosened"]),
        (_INTERNAL, "p95 < 1s, 9% up", "p95 < 2s, 99% up", ["level-loosened", "level-tightened"]),
        (_INTERNAL, "finish < 2h", "finish < 90 min", ["level-tightened"]),
        (_INTERNAL, "fast", "p95 < 200ms", ["level-changed"]),
        (_INTERNAL, "", "fast", ["level-tightened"]),
        (_INTERNAL, "p95 < 200ms", "", ["level-loosened"]),
        (_LIMIT, "50 requests/min", "1 request/s", ["limit-raised"]),
        (_LIMIT, "50 requests/min", "2000 requests/hour", ["limit-lowered"]),
        (_LIMIT, "60 requests/min", "1 request/s", ["wording-changed"]),
        (_LIMIT, UNSET, "50 requests/min", ["limit-lowered"]),
        (_LIMIT, "50 requests/min", UNSET, ["limit-raised"]),
        (_GROWTH, "100k in 12 months", "50k in 3 months", ["growth-raised"]),
        (_GROWTH, "100k in 12 months", "100k in 24 months", ["growth-changed"]),
        (_GROWTH, "100k in 12 months", "slow", ["growth-changed"]),
    ],
)
def test_a_change_of_a_figure(path: Any, old: Any, new: Any, code: list[str]) -> None:
    """Service levels, limits and growth are compared by their figures, in whatever unit."""
    assert codes(edited(example(), path, old), edited(example(), path, new)) == code


def test_a_loosened_level_shows_a_time_between_the_two() -> None:
    """What the old promise ruled out, and the new one does not, is shown."""
    after = example_artifact(**edited(example(), _INTERNAL, "p95 < 300ms"))
    (change,) = artifact_changes(example_artifact(), after)
    assert change.witness is not None
    assert change.witness.value == {
        "of": "MealPlanAPI",
        "measure": "latency",
        "value": 0.25,
        "quantile": 95.0,
    }


def test_two_that_could_be_meant_are_no_renaming() -> None:
    """Of two entities with the same content either may have become the new one."""
    entity = {"fields": ["id uuid"], "relationships": [], "expected_growth": "slow"}
    before = {"entities": [{"name": name, **entity} for name in ("A", "B")]}
    after = {"entities": [{"name": name, **entity} for name in ("C", "D")]}
    assert codes(before, after) == ["entity-removed"] * 2 + ["entity-added"] * 2


def test_a_renamed_entity_is_compared_inside() -> None:
    """What else changed in an entity whose name is spelled anew is told of too."""
    after = edited(example(), ("entities", 0, "name"), "user_profile")
    after = edited(after, ("entities", 0, "fields"), ["id", "email"])
    assert codes({}, after) == ["entity-renamed", "field-removed"]


def test_what_is_removed_is_known_by_its_place_before() -> None:
    """The pointer of what is gone leads into the first document."""
    after = example_artifact(**edited(example(), ("storage", 1)))
    (change,) = artifact_changes(example_artifact(), after)
    assert (change.pointer, change.after) == ("/storage/1", None)
    assert change.before is not None
    assert (change.before.pointer, change.before.value) == ("/storage/1", '"Redis"')
