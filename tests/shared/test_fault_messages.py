"""Each message says what was expected and what was found, however much there is of either."""

from typing import Any

import pytest

from quaestor_shared.service.fault_search import faults_in
from quaestor_shared.service.faults import Fault
from quaestor_shared.service.schema_tree import SchemaTree

_CAT = {
    "title": "Cat",
    "type": "object",
    "required": ["kind", "lives"],
    "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
}
_DOG = {
    "title": "Dog",
    "type": "object",
    "required": ["kind", "bark"],
    "properties": {"kind": {"const": "dog"}, "bark": {"type": "string"}},
}
_PET = {"anyOf": [_CAT, _DOG]}


def faults(schema: Any, instance: Any) -> list[Fault]:
    """Give the faults of an instance."""
    return list(faults_in(SchemaTree(schema), instance))


def one(schema: Any, instance: Any) -> Fault:
    """Give the one fault of an instance."""
    (fault,) = faults(schema, instance)
    return fault


@pytest.mark.parametrize(
    ("schema", "instance", "message"),
    [
        ({"const": {"a": 1}}, {"a": 2}, 'must be {"a": 1}; `/a` is 2, not 1'),
        ({"const": {"a": 1}}, {}, 'must be {"a": 1}; `/a` is missing'),
        ({"const": [1]}, [1, 2], "must be [1]; it is an array of 2 items, not an array of 1 item"),
        ({"not": {"type": "string"}}, "a", 'must not fit `{"type": "string"}`, as "a" does'),
        ({"uniqueItems": True}, [1, True, 1.0], "must not repeat an item: items 0 and 2 are equal"),
        ({"format": "email"}, "x", 'must be an email; "x" is none'),
        ({"format": "uuid"}, "x", 'must be a uuid; "x" is none'),
        ({"maxLength": 1}, "abc", "must have at most 1 character, not 3"),
        ({"minItems": 2}, [1], "must have at least 2 items, not 1"),
        ({"minProperties": 1}, {}, "must have at least 1 property, not 0"),
        ({"enum": [1, 1, "a"]}, 2, 'must be one of 1, "a", not 2'),
        ({"properties": {"x": False}}, {"x": 4}, "is not allowed here; it is 4"),
        (
            {"contains": {"type": "string"}, "minContains": 2, "maxContains": 3},
            ["a", 1],
            'must contain at least 2 and at most 3 items of the form `{"type": "string"}`, not 1',
        ),
        (
            {"contains": {"type": "string"}},
            [1],
            'must contain at least 1 item of the form `{"type": "string"}`, not 0',
        ),
    ],
)
def test_a_message_says_what_was_expected_and_found(
    schema: Any, instance: Any, message: str
) -> None:
    """In words, with counts and places."""
    fault = one(schema, instance)
    assert fault.message == message
    assert fault.expected is not None


@pytest.mark.parametrize(
    "schema",
    [
        {"const": {f"k{i}": "x" * 1_000 for i in range(1_000)}},
        {"enum": [["x" * 1_000] * 10] * 2_000},
        {"not": {"not": {"const": ["x" * 100_000]}}},
        {"anyOf": [{"required": [f"k{i}" * 100]} for i in range(500)]},
    ],
)
def test_a_message_is_bounded(schema: Any) -> None:
    """Whatever stands in a schema."""
    assert len(one(schema, {"k0": 1}).message) < 2_000


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
def test_an_object_that_takes_no_members_has_a_fault_at_each(keyword: str) -> None:
    """Also where its schema names no property at all."""
    found = faults({"type": "object", keyword: False}, {"k": 1, "l": 2})
    assert [(f.path, f.keyword, f.key) for f in found] == [
        (("k",), keyword, True),
        (("l",), keyword, True),
    ]


def test_no_name_being_allowed_is_a_fault_of_each_name() -> None:
    """`propertyNames: false` points at the keys."""
    assert [f.path for f in faults({"propertyNames": False}, {"k": 1, "l": 2})] == [("k",), ("l",)]


class TestAlternatives:
    """What was meant, and where that is open, what would have been taken."""

    @pytest.mark.parametrize("outer", [_PET, {"$ref": "#/$defs/pet"}, {"oneOf": [_PET]}])
    def test_a_nested_choice_hides_no_type(self, outer: Any) -> None:
        """Pet, or pets: an array is pets."""
        schema = {"anyOf": [outer, {"type": "array", "items": _CAT}], "$defs": {"pet": _PET}}
        assert one(schema, [{"kind": "cat", "lives": "w"}]).path == (0, "lives")

    def test_a_nested_tag_decides(self) -> None:
        """Its branch is found two levels down."""
        schema = {"anyOf": [_PET, {"type": "array"}]}
        assert one(schema, {"kind": "dog", "bark": 1}).path == ("bark",)

    @pytest.mark.parametrize(
        ("given", "meant", "safe"),
        [("Cat", "cat", True), ("zebra", None, False), ("odg", "dog", False)],
    )
    def test_a_tag_that_no_alternative_has(
        self, given: str, meant: str | None, *, safe: bool
    ) -> None:
        """All that there are, and the near one."""
        fault = faults({"oneOf": [_CAT, _DOG]}, {"kind": given})[0]
        assert (fault.path, fault.keyword) == (("kind",), "enum")
        assert fault.expected == 'one of "cat", "dog"'
        assert (fault.did_you_mean, fault.safe) == (meant, safe)

    def test_constants_and_enumerations_are_one_list(self) -> None:
        """Each value once."""
        fault = one({"anyOf": [{"const": "abc"}, {"enum": ["xyz", "abc"]}]}, "abd")
        assert fault.message == 'must be one of "abc", "xyz", not "abd"'
        assert fault.did_you_mean == "abc"

    def test_a_constant_of_another_type_was_not_meant(self) -> None:
        """It is listed beside the types."""
        fault = one({"anyOf": [{"const": "auto"}, {"type": "integer"}]}, [])
        assert fault.message == 'must be "auto" or an integer, not an array of 0 items'

    def test_where_nothing_tells_what_each_wants_is_listed(self) -> None:
        """Such as one property or another."""
        fault = one({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"c": 1})
        assert fault.expected == "a property `a` or a property `b`"
        assert fault.expected in fault.message

    def test_those_that_fit_beside_each_other_are_named(self) -> None:
        """By number, and by title where they have one."""
        schema = {
            "oneOf": [{"title": "Whole", "type": "integer"}, {"type": "null"}, {"minimum": 2}]
        }
        message = one(schema, 5).message
        assert message == 'must fit exactly one form, and fits 2: `oneOf/0` ("Whole") and `oneOf/2`'


@pytest.mark.parametrize("given", ["PSOT", "psot", "OPST"])
def test_two_letters_the_wrong_way_round(given: str) -> None:
    """Are found in short words too, in any case."""
    assert one({"enum": ["PUT", "POST", "PATCH"]}, given).did_you_mean == "POST"
