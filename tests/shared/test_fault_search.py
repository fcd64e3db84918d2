"""Faults are found one after the other, with what was meant, however large the instance."""

from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.service import fault_search
from quaestor_shared.service.fault_search import faults_in, faults_of
from quaestor_shared.service.faults import Fault
from quaestor_shared.service.schema_tree import SchemaTree

ITEM = {
    "type": "object",
    "required": ["name", "kind"],
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "kind": {"enum": ["cache", "object_store", "queue"]},
        "size": {"type": ["integer", "null"], "minimum": 1},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "#/$defs/Root",
    "$defs": {
        "Root": {
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Item"}},
                "either": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/Item"}]},
                "a~/b": {"$ref": "#/$defs/Item"},
            },
            "additionalProperties": False,
        },
        "Item": ITEM,
    },
}
TREE = SchemaTree(SCHEMA)
_VALUES = st.one_of(
    st.none(),
    st.integers(0, 3),
    st.sampled_from(["a", "cache", "Queue", "12"]),
    st.lists(st.just(1), max_size=3),
)
_ITEMS = st.dictionaries(
    st.sampled_from(["name", "kind", "size", "tags", "Kind", "x"]), _VALUES, max_size=4
)
_ROOTS = st.dictionaries(
    st.sampled_from(["items", "either", "a~/b", "Items"]),
    _ITEMS | st.lists(_ITEMS, max_size=4),
    max_size=3,
)


def faults(instance: Any, schema: Any = SCHEMA) -> list[Fault]:
    """Give the faults of an instance."""
    return list(faults_in(SchemaTree(schema), instance))


def one(instance: Any, schema: Any = SCHEMA) -> Fault:
    """Give the one fault of an instance."""
    (fault,) = faults(instance, schema)
    return fault


def item(**changes: Any) -> Any:
    """Give an instance with one item, right but for the changes."""
    return {"items": [{"name": "store", "kind": "cache"} | changes]}


@given(_ROOTS)
def test_a_search_in_parts_finds_what_the_whole_has(instance: Any) -> None:
    """Whatever is small enough to be asked at once, the faults are the same."""
    whole = set(faults_in(TREE, instance))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fault_search, "_SMALL", 0)
        assert set(faults_in(TREE, instance)) == whole


@given(_ROOTS)
def test_what_is_valid_has_no_faults_and_what_is_not_has_some(instance: Any) -> None:
    """The search and the validator agree."""
    validator = TREE.validator("")
    assert validator is not None
    assert bool(faults(instance)) is not validator.is_valid(instance)


def test_whoever_has_enough_stops_asking() -> None:
    """Of a million faults the first are found without the others; none holds the instance."""
    instance = {"items": [0] * 1_000_000, **{f"x{i}": 0 for i in range(100)}}
    some = list(islice(faults_in(TREE, instance), 200))
    assert len(some) == 200
    assert {fault.keyword for fault in some} == {"additionalProperties", "type"}
    assert all(len(fault.message) < 300 for fault in some)


class TestSuggestions:
    """What was meant, and whether a program may write it."""

    @pytest.mark.parametrize(
        ("given_", "meant", "safe"),
        [
            ("Queue", "queue", True),
            ("object store", "object_store", True),
            ("Object-Store", "object_store", True),
            ("cach", "cache", False),
            ("quue", "queue", False),
        ],
    )
    def test_a_choice(self, given_: str, meant: str, *, safe: bool) -> None:
        """Another case or separator is the same choice; a typing error is a guess."""
        fault = one(item(kind=given_))
        patch = PatchOperation(op="replace", path="/items/0/kind", value=meant)
        assert (fault.did_you_mean, fault.patch, fault.safe) == (meant, (patch,), safe)

    @pytest.mark.parametrize("given_", ["zebra", "", 4, None, "x" * 5_000])
    def test_a_choice_that_is_near_to_none(self, given_: Any) -> None:
        """There is nothing to suggest."""
        fault = one(item(kind=given_))
        assert (fault.did_you_mean, fault.fix, fault.patch) == (None, None, ())

    @pytest.mark.parametrize(
        ("given_", "meant", "safe"), [("12", 12, True), ("0", 0, False), ("1.5", 1.5, False)]
    )
    def test_a_number_in_quotes(self, given_: str, meant: float, *, safe: bool) -> None:
        """Safe where the number is one that is taken there."""
        fault = one(item(size=given_))
        assert [operation.value for operation in fault.patch] == [meant]
        assert fault.safe is safe

    @pytest.mark.parametrize(
        "given_", ["012", "1e3", "+1", " 1", "1_000", "NaN", "9" * 20, "\u0661", "true"]
    )
    def test_what_is_no_plain_number_stays_a_text(self, given_: str) -> None:
        """Nobody knows whether leading zeros, exponents or twenty digits were meant as a number."""
        assert one(item(size=given_)).patch == ()

    def test_a_name_in_another_case_is_moved(self) -> None:
        """Its value goes along; the missing one is found beside it."""
        instance = {"items": [{"Name": "store", "kind": "cache"}]}
        missing, extra = sorted(faults(instance), key=lambda fault: fault.key)
        assert (missing.keyword, missing.missing) == ("required", "name")
        move = PatchOperation(op="move", from_="/items/0/Name", path="/items/0/name")
        assert (extra.did_you_mean, extra.patch, extra.safe) == ("name", (move,), True)

    @pytest.mark.parametrize(
        "changes",
        [{"SIZE": 0}, {"SIZE": 1, "Si-ze": 2}, {"siz": 1}],
        ids=["wrong value", "two of them", "a guess"],
    )
    def test_a_name_is_not_moved_unasked(self, changes: Any) -> None:
        """Where its value is wrong there, another may be meant as well, or it is a guess."""
        assert [fault.safe for fault in faults(item(**changes)) if fault.key] == [False] * len(
            changes
        )

    def test_a_name_that_is_there_already_has_no_patch(self) -> None:
        """A move would overwrite it."""
        fault = one(item(Kind="queue"))
        assert (fault.did_you_mean, fault.patch) == ("kind", ())

    def test_a_part_of_a_schema_with_odd_names_is_found(self) -> None:
        """Pointers are escaped where they have to be."""
        fault = one(item() | {"a~/b": {"name": "st", "kind": "CACHE"}})
        assert (fault.path, fault.safe) == (("a~/b", "kind"), True)
        assert fault.patch[0].path == "/a~0~1b/kind"


class TestAlternatives:
    """The alternative that the author meant."""

    def test_one_that_knows_none_of_the_properties_was_not_meant(self) -> None:
        """Even where another has as many faults."""
        schema = {
            "oneOf": [
                {"properties": {"radius": {"type": "number"}}, "required": ["radius"]},
                {"properties": {"side": {"type": "number"}}, "required": ["side"]},
            ]
        }
        assert one({"side": "4"}, schema).path == ("side",)

    def test_one_whose_constant_another_finds_right_was_not_meant(self) -> None:
        """A tag decides, even against the number of faults."""
        schema = {
            "anyOf": [
                {"properties": {"tag": {"const": "a"}}},
                {
                    "properties": {
                        "tag": {"const": "b"},
                        "x": {"type": "string"},
                        "y": {"type": "string"},
                    },
                    "required": ["z"],
                },
            ]
        }
        found = faults({"tag": "b", "x": 1, "y": 2}, schema)
        assert {fault.keyword for fault in found} == {"type", "required"}

    def test_the_fixes_of_an_alternative_are_given_too(self) -> None:
        """Its place in the schema is found through the alternative."""
        fault = one(item() | {"either": {"name": "st", "kind": "Cache"}})
        assert (fault.path, fault.did_you_mean, fault.safe) == (("either", "kind"), "cache", True)


def test_a_name_that_is_not_allowed_is_a_fault_at_the_name() -> None:
    """It says what a name has to be."""
    fault = one({"abc": 1}, {"propertyNames": {"maxLength": 2}})
    assert (fault.path, fault.key, fault.keyword) == (("abc",), True, "propertyNames")
    assert "at most 2 characters" in fault.message


def test_a_request_is_told_what_a_field_is_called() -> None:
    """The error for an unknown field names the one that is near."""
    from quaestor_shared.contracts.validation import ValidateRequest

    (detail,) = faults_of({"instance": 1, "max_finding": 3}, ValidateRequest)
    assert detail.message == "no such field; did you mean `max_findings`?"
