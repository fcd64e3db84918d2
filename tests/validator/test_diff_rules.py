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
        ("a timestamp", "a timestamptz", ["field-narrowed"]),
        ("a timestamptz", "a timestamp", ["field-narrowed"]),
        ("a timestamptz", "a timestamp with time zone", ["wording-changed"]),
        ("a double precision", "a double", ["wording-changed"]),
        ("a text", "a jsonb", ["field-narrowed"]),
        ("a int", "a jsonb", ["field-widened"]),
        ("a json", "a jsonb", ["wording-changed"]),
        ("a text not null default 'new'", "a text not null", ["field-required"]),
        ("a text not null default 'new'", "a text not null default ''", ["wording-changed"]),
        ("a text not null", "a text not null default ''", ["field-relaxed"]),
        ("a int default 0", "a int default 0 not null", ["wording-changed"]),
        ("a int default 0", "a int default 0 check (a > 0)", ["field-constrained"]),
        ("a numeric (10, 2)", "a numeric(10,2)", ["wording-changed"]),
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
        (["full_name text"], ["display_name varchar(20)"], ["field-renamed", "field-narrowed"]),
        (["b int", "mail text"], ["email uuid", "b int"], ["field-renamed", "field-narrowed"]),
        (["mail text"], ["email text unique"], ["field-renamed", "field-constrained"]),
        (["user_id uuid"], ["user_name text"], ["field-removed", "field-added"]),
        (["colour text"], ["status varchar(20)"], ["field-removed", "field-added"]),
        (["ab text", "ac text"], ["ad int", "ae int"], ["field-removed"] * 2 + ["field-added"] * 2),
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


def test_an_added_check_is_told_as_it_is_written() -> None:
    """What stands in parentheses is one constraint, nested ones included."""
    (change,) = artifact_changes(
        example_artifact(**with_fields("a int")),
        example_artifact(**with_fields("a int CHECK (length(A) > 2)")),
    )
    assert change.message.endswith("has constraints it did not have: CHECK (length(A) > 2)")


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("a timestamptz", "a timestamp", "2026-01-31T16:00:00Z"),
        ("a text", "a jsonb", ""),
        ("a text", "a varchar(2)", "xxx"),
    ],
)
def test_a_row_shows_what_is_turned_away(old: str, new: str, value: str) -> None:
    """The row was fine for the old type, and is not for the new one."""
    (change,) = artifact_changes(
        example_artifact(**with_fields(old)), example_artifact(**with_fields(new))
    )
    assert change.witness is not None
    assert change.witness.value == {"entity": "UserProfile", "row": {"a": value}}


def test_a_row_that_relied_on_a_default_is_shown() -> None:
    """Without its default, a field that a row has to have has to be sent."""
    (change,) = artifact_changes(
        example_artifact(**with_fields("id int pk", "a text not null default 'new'")),
        example_artifact(**with_fields("id int pk", "a text not null")),
    )
    assert change.witness is not None
    assert change.witness.value == {"entity": "UserProfile", "row": {"id": 1}}
    assert change.witness.after == "`a` is missing"


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
        (_INTERNAL, "finish < 1h", "finish < 1h30m", ["level-loosened"]),
        (_INTERNAL, "finish < 1 h 30 min", "finish < PT90M", ["wording-changed"]),
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


_API = {
    "name": "CustomersAPI",
    "methods": ["GET", "PUT"],
    "payload_examples": {"PUT": {"full_name": "Ada"}},
    "sla": "p99 < 250ms",
}
_ORDER = {
    "name": "Order",
    "fields": ["id uuid pk", "status text", "total int", "placed_at timestamptz"],
    "relationships": ["Customer"],
    "expected_growth": "2M in 12 months",
}
_CAPTURE = {
    "name": "capture_payment",
    "type": "async",
    "description": "captures the payment when the order was packed",
    "sla": "finish < 60s",
}
_STRIPE = {
    "provider": "Stripe",
    "endpoint": "https://api.stripe.com/v1",
    "auth_method": "api_key",
    "sla": "99.9% uptime",
}


@pytest.mark.parametrize(
    ("path", "item", "changed", "code"),
    [
        (
            ("apis", "internal"),
            _API,
            {"name": "ClientsAPI", "methods": ["GET"]},
            ["api-renamed", "method-removed"],
        ),
        (
            ("apis", "internal"),
            _API,
            {"name": "InvoicesAPI", "methods": ["GET"], "payload_examples": {}},
            ["api-removed", "api-added"],
        ),
        (
            ("entities",),
            _ORDER,
            {"name": "Purchase", "fields": [*_ORDER["fields"][:3], "currency text"]},
            ["entity-renamed", "field-removed", "field-added"],
        ),
        (
            ("entities",),
            _ORDER,
            {"name": "Parcel", "fields": ["id uuid pk", "weight int"], "relationships": []},
            ["entity-removed", "entity-added"],
        ),
        (
            ("processes",),
            _CAPTURE,
            {"name": "capture", "sla": "finish < 90s"},
            ["process-renamed", "level-loosened"],
        ),
        (
            ("processes",),
            _CAPTURE,
            {"name": "send_mail", "description": "tells the customer"},
            ["process-removed", "process-added"],
        ),
        (
            ("apis", "external"),
            _STRIPE,
            {"provider": "Stripe Inc.", "endpoint": "https://api.stripe.com/v2"},
            ["provider-renamed", "endpoint-changed"],
        ),
        (
            ("apis", "external"),
            _STRIPE,
            {"provider": "Adyen", "endpoint": "https://api.adyen.com/"},
            ["provider-removed", "provider-added"],
        ),
    ],
)
def test_what_is_renamed_and_changed(path: Any, item: Any, changed: Any, code: list[str]) -> None:
    """Renamed, where most of what it says is the same; else one is gone and another is there."""
    before, after = edited(example(), path, [item]), edited(example(), path, [{**item, **changed}])
    assert codes(before, after) == code


def test_the_more_alike_of_two_was_renamed() -> None:
    """Of two entities that might have become the new one, the one that says more of it did."""
    other = {**_ORDER, "name": "Draft", "fields": ["id uuid pk", "note text"]}
    purchase = {**_ORDER, "name": "Purchase", "expected_growth": "3M in 12 months"}
    changes = artifact_changes(
        example_artifact(entities=[other, _ORDER]), example_artifact(entities=[purchase])
    )
    renamed = [c.rename.to for c in changes if c.rename is not None and c.rename.from_ == "Order"]
    assert renamed == ["Purchase"]
    assert {c.code for c in changes if c.pointer == "/entities/0"} >= {"diff/entity-removed"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("PostgreSQL 17", "Postgres 17", "wording-changed"),
        ("PostgreSQL 17", "PostgreSQL v17.0", "wording-changed"),
        ("S3", "Amazon S3", "wording-changed"),
        ("PostgreSQL 17", "Postgres 18", "store-upgraded"),
        ("PostgreSQL", "PostgreSQL 17", "store-upgraded"),
        ("PostgreSQL 17", "PostgreSQL", "store-upgraded"),
        ("PostgreSQL 18", "PostgreSQL 17", "store-changed"),
        ("PostgreSQL 17", "MySQL 17", "store-changed"),
        ("S3", "R2", "store-changed"),
    ],
)
def test_a_change_of_a_technology(old: str, new: str, code: str) -> None:
    """Other names of one product are the same; a later version breaks nothing, an earlier may."""
    path = ("storage", 0, "technology")
    assert codes(edited(example(), path, old), edited(example(), path, new)) == [code]


def test_two_stores_of_one_kind_are_known_by_their_products() -> None:
    """When both get a new version, neither is gone."""
    stores = [{"kind": "sql", "technology": name} for name in ("MySQL 8", "PostgreSQL 17")]
    later = [{"kind": "sql", "technology": name} for name in ("Postgres 18", "MySQL 9")]
    assert codes({"storage": stores}, {"storage": later}) == ["store-upgraded"] * 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("EU", "Germany", "residency-narrowed"),
        ("EU (eu-central-1)", "Germany", "residency-narrowed"),
        ("EU", "EU only (eu-west-1)", "residency-narrowed"),
        ("EU and UK", "EU", "residency-narrowed"),
        ("global", "US", "residency-narrowed"),
        ("Germany", "EU", "residency-changed"),
        ("EU", "EU, US", "residency-changed"),
        ("EU (eu-central-1)", "EU", "residency-changed"),
        ("EU (eu-central-1)", "France", "residency-changed"),
        ("EU (eu-west-1)", "EU (eu-west-1, eu-west-3)", "residency-changed"),
        ("EU, no support from elsewhere", "Germany", "residency-changed"),
        ("EU", "Atlantis", "residency-changed"),
        ("EU", "Germany, Atlantis", "residency-changed"),
        ("EU", "not Germany", "residency-changed"),
    ],
)
def test_a_change_of_where_data_is_kept(old: str, new: str, code: str) -> None:
    """A part of where it was is fine; more, elsewhere, or what is not understood is not."""
    path = ("compliance", "residency")
    assert codes(edited(example(), path, old), edited(example(), path, new)) == [code]


def test_what_is_removed_is_known_by_its_place_before() -> None:
    """The pointer of what is gone leads into the first document."""
    after = example_artifact(**edited(example(), ("storage", 1)))
    (change,) = artifact_changes(example_artifact(), after)
    assert (change.pointer, change.after) == ("/storage/1", None)
    assert change.before is not None
    assert (change.before.pointer, change.before.value) == ("/storage/1", '"Redis"')
