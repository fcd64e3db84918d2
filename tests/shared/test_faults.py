"""Where a schema offers alternatives, the faults of the one that was meant are shown."""

from typing import Any

import pytest

from quaestor_shared.service.faults import Fault, compiled, meant_faults

_CIRCLE = {
    "type": "object",
    "required": ["shape", "radius"],
    "properties": {"shape": {"const": "circle"}, "radius": {"type": "number"}},
}
_SQUARE = {
    "type": "object",
    "required": ["shape", "side"],
    "properties": {"shape": {"const": "square"}, "side": {"type": "number"}},
}


def faults(schema: dict[str, Any], instance: Any) -> list[Fault]:
    """Give the faults of an instance."""
    return list(meant_faults(compiled(schema).iter_errors(instance)))


def places(schema: dict[str, Any], instance: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """Give place and keyword of each fault."""
    return [(fault.path, fault.keyword) for fault in faults(schema, instance)]


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
class TestAlternatives:
    """`anyOf` and `oneOf` choose alike."""

    def test_a_branch_of_another_type_was_not_meant(self, keyword: str) -> None:
        """`null or circle`: an object is a circle with faults."""
        schema = {"properties": {"x": {keyword: [{"type": "null"}, _CIRCLE]}}}
        assert places(schema, {"x": {"shape": "circle"}}) == [(("x",), "required")]

    def test_a_wrong_type_further_in_does_not_rule_a_branch_out(self, keyword: str) -> None:
        """The radius is wrong, not the kind of thing."""
        schema = {keyword: [{"type": "null"}, _CIRCLE]}
        instance = {"shape": "circle", "radius": "r"}
        assert places(schema, instance) == [(("radius",), "type")]

    def test_the_branch_that_the_tag_names_was_meant(self, keyword: str) -> None:
        """A tag decides, even where another branch has as few faults."""
        schema = {keyword: [_CIRCLE, _SQUARE]}
        assert places(schema, {"shape": "square", "side": "s"}) == [(("side",), "type")]
        assert places(schema, {"shape": "square"}) == [((), "required")]

    def test_where_no_type_fits_the_types_are_named(self, keyword: str) -> None:
        """The message lists what would have been taken."""
        (fault,) = faults({keyword: [{"type": "string"}, {"type": "null"}]}, 4)
        assert (fault.keyword, fault.message) == ("type", "must be a string or null, not 4")

    def test_where_there_is_no_telling_the_alternative_itself_is_the_fault(
        self, keyword: str
    ) -> None:
        """Two branches as close as each other: neither is shown as the one."""
        schema = {keyword: [{"minimum": 5}, {"multipleOf": 3}]}
        assert places(schema, 1) == [((), keyword)]

    def test_alternatives_inside_alternatives_are_settled(self, keyword: str) -> None:
        """The choice goes down as far as the schema does."""
        inner = {keyword: [{"type": "null"}, _CIRCLE]}
        schema = {keyword: [{"type": "array", "items": inner}, {"type": "null"}]}
        assert places(schema, [{"shape": "circle"}]) == [((0,), "required")]


def test_fitting_more_than_one_of_one_is_a_fault() -> None:
    """`oneOf` with two that fit is said as such."""
    assert places({"oneOf": [{"minimum": 1}, {"maximum": 9}]}, 4) == [((), "oneOf")]


def test_every_extra_property_is_a_fault_of_its_own() -> None:
    """Each is found at its key."""
    schema = {"properties": {"a": {}}, "additionalProperties": False}
    assert places(schema, {"b": 1, "a": 1, "c": 1}) == [
        (("b",), "additionalProperties"),
        (("c",), "additionalProperties"),
    ]


def test_a_fault_says_what_was_expected_and_found() -> None:
    """Both cut short."""
    (fault,) = faults({"type": "string", "maxLength": 3}, "x" * 1_000)
    assert fault.expected == "at most 3 characters"
    assert fault.actual is not None
    assert len(fault.actual) < 70


def test_a_pattern_that_backtracks_elsewhere_takes_no_time() -> None:
    """Patterns run on an engine that is linear in the text."""
    assert places({"pattern": "^(a+)+$"}, "a" * 50_000 + "b") == [((), "pattern")]


def test_a_pattern_that_cannot_be_linear_is_refused() -> None:
    """Look-around is none of the linear engine's."""
    with pytest.raises(ValueError, match="regex"):
        compiled({"pattern": "(?=a)b"})


@pytest.mark.parametrize(
    "reference", ["http://127.0.0.1:9/schema.json", "file:///etc/hostname", "other.json"]
)
def test_a_reference_to_elsewhere_is_refused(reference: str) -> None:
    """Neither the network nor a file is read."""
    with pytest.raises(Exception, match=r"(?i)resolv|offline|retriev|relative"):
        compiled({"$ref": reference})
