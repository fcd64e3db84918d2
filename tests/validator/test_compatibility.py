"""Whether a schema takes what another takes: proved, shown by an instance, or open."""

import copy
import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.designs import ROOT
from tests.support.schemas import CORPUS, mutated, schemas

from quaestor_shared.service.faults import compiled
from quaestor_validator.domain.compatibility.containment import unproved_places
from quaestor_validator.domain.compatibility.documents import SchemaDocument
from quaestor_validator.domain.compatibility.patterns import samples
from quaestor_validator.domain.compatibility.search import lost_instances
from quaestor_validator.domain.compatibility.structure import without_annotations

_PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 20}, "age": {"type": "integer"}},
    "required": ["name"],
}
_LIST: dict[str, Any] = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"value": {"type": "integer"}, "next": {"$ref": "#/$defs/node"}},
            "required": ["value"],
        }
    },
    "$ref": "#/$defs/node",
}
_SHAPES: dict[str, Any] = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": ["circle", "square"]}},
    "allOf": [
        {
            "if": {"properties": {"kind": {"const": "circle"}}},
            "then": {"properties": {"radius": {"type": "number"}}, "required": ["radius"]},
            "else": {"properties": {"side": {"type": "number"}}, "required": ["side"]},
        }
    ],
}


def changed(schema: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """Give a schema with what stands at a place replaced, or, for None, dropped."""
    after = copy.deepcopy(schema)
    node: Any = after
    *steps, last = [int(s) if s.isdigit() else s for s in place.split("/")]
    for step in steps:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return after


_BROKEN: list[tuple[dict[str, Any], str, Any, str]] = [
    (_PERSON, "required", ["name", "age"], "/required"),
    (_PERSON, "properties/name/maxLength", 10, "/properties/name/maxLength"),
    (_PERSON, "properties/name/minLength", 1, "/properties/name/minLength"),
    (_PERSON, "properties/name/pattern", "^[a-z]+$", "/properties/name/pattern"),
    (_PERSON, "properties/name/format", "email", "/properties/name/format"),
    (_PERSON, "properties/age/minimum", 0, "/properties/age/minimum"),
    (_PERSON, "properties/age/multipleOf", 5, "/properties/age/multipleOf"),
    (_PERSON, "properties/age", False, "/properties/age"),
    (_PERSON, "additionalProperties", False, "/additionalProperties"),
    (_PERSON, "propertyNames", {"maxLength": 4}, "/propertyNames/maxLength"),
    (_PERSON, "maxProperties", 2, "/maxProperties"),
    (_PERSON, "dependentRequired", {"age": ["born"]}, "/dependentRequired"),
    (_PERSON, "not", {"required": ["age"]}, "/not"),
    (_LIST, "$defs/node/required", ["value", "next"], "/$defs/node/required"),
    (_LIST, "$defs/node/properties/value/maximum", 9, "/$defs/node/properties/value/maximum"),
    (_SHAPES, "properties/kind/enum", ["circle"], "/properties/kind/enum"),
    (
        _SHAPES,
        "allOf/0/then/properties/radius/exclusiveMinimum",
        0,
        "/allOf/0/then/properties/radius/exclusiveMinimum",
    ),
    ({"type": "array", "items": {"type": "number"}}, "items/type", "integer", "/items/type"),
    ({"type": "array"}, "maxItems", 3, "/maxItems"),
    ({"type": "array"}, "uniqueItems", True, "/uniqueItems"),
    ({"type": "array"}, "prefixItems", [{"type": "null"}], "/prefixItems/0/type"),
    ({"type": "array"}, "contains", {"const": 1}, "/contains"),
    ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "anyOf", [{"type": "null"}], "/anyOf"),
    ({"oneOf": [{"const": 1}, {"const": 2}]}, "oneOf", [{"const": 1}], "/oneOf"),
    ({"enum": ["a", "b", "c"]}, "enum", ["a", "c"], "/enum"),
    ({}, "type", ["object", "array", "string", "number", "boolean"], "/type"),
]


@pytest.mark.parametrize(("schema", "place", "value", "keyword"), _BROKEN)
def test_a_narrower_schema_is_shown_by_an_instance(
    schema: dict[str, Any], place: str, value: Any, keyword: str
) -> None:
    """What is turned away now is found, was taken before, and leads to the keyword."""
    after = changed(schema, place, value)
    old, new = SchemaDocument(schema), SchemaDocument(after)
    takes, refuses = compiled(schema), compiled(after)
    lost = lost_instances(old, new, takes, refuses)
    assert all(takes.is_valid(each.instance) for each in lost)
    assert not any(refuses.is_valid(each.instance) for each in lost)
    assert keyword in {"/" + "/".join(map(str, each.schema_path)) for each in lost}
    assert unproved_places(old, new) != []
    assert lost_instances(new, old, refuses, takes) == []


@pytest.mark.parametrize(
    ("schema", "place", "value"), [(schema, place, value) for schema, place, value, _ in _BROKEN]
)
def test_a_wider_schema_is_proved(schema: dict[str, Any], place: str, value: Any) -> None:
    """Read the other way round, each of those changes takes everything that was taken."""
    narrow, wide = SchemaDocument(changed(schema, place, value)), SchemaDocument(schema)
    assert unproved_places(narrow, wide) == []


def test_recursion_and_choices_by_a_tag_are_proved() -> None:
    """A change inside of what comes back to itself, or behind `if`, is followed there."""
    wider = changed(_LIST, "$defs/node/properties/value/type", "number")
    assert unproved_places(SchemaDocument(_LIST), SchemaDocument(wider)) == []
    answers = json.loads((ROOT / "specs/answers.schema.json").read_text("utf-8"))
    wider = changed(answers, "$defs/TextAnswer/properties/text/maxLength", 10**6)
    assert unproved_places(SchemaDocument(answers), SchemaDocument(wider)) == []


def test_what_cannot_be_decided_is_named_by_its_place() -> None:
    """That one pattern takes all of another is not proved; nothing else is in doubt."""
    old = changed(_PERSON, "properties/name", {"type": "string", "pattern": "^a+$"})
    new = changed(_PERSON, "properties/name", {"type": "string", "pattern": "^[ab]+$"})
    (place,) = unproved_places(SchemaDocument(old), SchemaDocument(new))
    assert (place.old, place.new) == (("properties", "name"), ("properties", "name"))
    assert (
        lost_instances(SchemaDocument(old), SchemaDocument(new), compiled(old), compiled(new)) == []
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]},
        {"$defs": {"a": {"$id": "urn:x", "type": "string"}}, "$ref": "urn:x"},
        {"$dynamicRef": "#node", "$defs": {"a": {"$dynamicAnchor": "node"}}},
    ],
)
def test_what_means_different_things_in_different_places_is_not_proved(schema: Any) -> None:
    """Other drafts, names inside and dynamic references are left open, unless nothing changed."""
    assert unproved_places(SchemaDocument(schema), SchemaDocument({**schema, "title": "x"})) == []
    assert unproved_places(SchemaDocument(schema), SchemaDocument({**schema, "maxItems": 9})) != []


def test_a_reference_in_what_has_to_be_the_same_is_followed_nowhere() -> None:
    """`not` with the same reference to another definition is not the same."""
    old = {"$defs": {"a": {"type": "string"}}, "not": {"$ref": "#/$defs/a"}, "if": {"minLength": 1}}
    new = changed(old, "$defs/a", {"type": ["string", "number"]})
    assert unproved_places(SchemaDocument(old), SchemaDocument(new)) != []


_A, _B = {"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}


@pytest.mark.parametrize(
    ("schema", "loops"),
    [
        ({"$ref": "#"}, True),
        ({"$defs": {"a": {"anyOf": [_B]}, "b": {"not": _A}}}, True),
        ({"if": {"$ref": "#"}}, True),
        ({"dependentSchemas": {"a": {"$ref": "#"}}}, True),
        ({"properties": {"a": {"$ref": "#"}}}, False),
        ({"$defs": {"a": {"type": "string"}}, "allOf": [_A, _A]}, False),
    ],
)  # fmt: skip
def test_a_loop_that_never_steps_inside_is_seen(schema: dict[str, Any], loops: Any) -> None:
    """Recursion through properties ends with the instance; recursion in place does not end."""
    assert SchemaDocument(schema).has_endless_loop() is loops


def test_annotations_are_dropped_where_they_are_annotations() -> None:
    """A property called `title` and a choice with one are no annotations."""
    schema = {
        "title": "x",
        "properties": {"title": {"title": "y", "type": "string"}},
        "enum": [{"title": "z"}],
        "definitions": {"description": {"description": "d", "type": "null"}},
    }
    assert without_annotations(schema) == {
        "properties": {"title": {"type": "string"}},
        "enum": [{"title": "z"}],
        "definitions": {"description": {"type": "null"}},
    }


@pytest.mark.parametrize(
    "pattern",
    [r"^[a-z0-9][a-z0-9-]{1,63}$", r"^sha256:[0-9a-f]{64}$", r"^\d{4}-\d{2}$", "^(foo|bar)?x$",
     "[^a]", "a.c", r"^\w+\.\w+$", "[]a]", "^$", r"^(?:a|b){2,}$", r"^https?://[^\s]+$"],
)  # fmt: skip
def test_a_simple_pattern_has_samples(pattern: str) -> None:
    """At least one sample matches, as jsonschema-rs sees it."""
    matcher = compiled({"pattern": pattern})
    assert any(matcher.is_valid(text) for text in samples(pattern))


@pytest.mark.parametrize("pattern", ["(?=x)y", "(", "[", "x{9999}", r"\1", "*", "a" * 999])
def test_another_pattern_has_none(pattern: str) -> None:
    """What is not simple, or no pattern, gives nothing and raises nothing."""
    assert samples(pattern) == []


@st.composite
def _changed_schemas(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    schema = draw(schemas())
    return schema, mutated(draw, schema)


@settings(deadline=None, max_examples=200)
@given(_changed_schemas())
def test_what_is_proved_holds_for_every_instance(pair: tuple[Any, Any]) -> None:
    """Where compatibility is proved, nothing that the old schema takes is refused by the new."""
    documents = [SchemaDocument(schema) for schema in pair]
    assume(not any(document.has_endless_loop() for document in documents))
    old, new = map(compiled, pair)
    if unproved_places(*documents):
        return
    assert [value for value in CORPUS if old.is_valid(value) and not new.is_valid(value)] == []
    assert lost_instances(documents[0], documents[1], old, new) == []


@settings(deadline=None, max_examples=100)
@given(_changed_schemas())
def test_a_witness_is_one(pair: tuple[Any, Any]) -> None:
    """Every instance that is shown is taken by the old schema and refused by the new."""
    documents = [SchemaDocument(schema) for schema in pair]
    assume(not any(document.has_endless_loop() for document in documents))
    old, new = map(compiled, pair)
    for lost in lost_instances(documents[0], documents[1], old, new):
        assert old.is_valid(lost.instance)
        assert not new.is_valid(lost.instance)


@settings(deadline=None, max_examples=50)
@given(schemas())
def test_a_schema_is_compatible_with_itself(schema: dict[str, Any]) -> None:
    """With other words for people it takes what it took."""
    assert unproved_places(SchemaDocument(schema), SchemaDocument({**schema, "title": "T"})) == []
