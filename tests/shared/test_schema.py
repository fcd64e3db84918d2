"""The schemas of contracts, in the form that other tools read."""

from typing import Annotated, Any

import jsonschema_rs
import msgspec
import pytest
from msgspec import Meta

from quaestor_shared.contracts.answers import Answer
from quaestor_shared.schema import DIALECT, json_schema


class Cat(msgspec.Struct, frozen=True, kw_only=True, tag="cat", tag_field="kind"):
    """A cat.

    It does
    what it wants.
    """

    lives: Annotated[int, Meta(le=9)]


class Dog(msgspec.Struct, frozen=True, kw_only=True, tag="dog", tag_field="kind"):
    """A dog."""

    name: Annotated[str, Meta(pattern=r"^[A-Z][a-z]*\Z")]


def faults(contract: Any, instance: Any) -> list[tuple[str, str]]:
    """Give place and keyword of what is wrong."""
    errors = jsonschema_rs.validator_for(json_schema(contract)).iter_errors(instance)
    return [("/".join(map(str, e.instance_path)), e.kind.name) for e in errors]


def test_the_head_names_dialect_and_identity() -> None:
    """`$schema` comes first, `$id` where one is given."""
    assert list(json_schema(Cat, schema_id="urn:x"))[:2] == ["$schema", "$id"]
    assert json_schema(Cat)["$schema"] == DIALECT
    assert "$id" not in json_schema(Cat)


@pytest.mark.parametrize("contract", [Cat | Dog, Cat | Dog | None, tuple[Cat | Dog, ...], Answer])
def test_every_schema_is_one(contract: Any) -> None:
    """The meta-schema takes what is generated."""
    jsonschema_rs.meta.validate(json_schema(contract))


def test_the_tag_selects_the_branch() -> None:
    """The faults of a tagged value are those of the branch that its tag names."""
    assert faults(Cat | Dog, {"kind": "cat", "lives": 12}) == [("lives", "maximum")]
    assert faults(Cat | Dog, {"kind": "dog"}) == [("", "required")]


def test_an_unknown_tag_is_the_fault() -> None:
    """The choices are the tags."""
    assert faults(Cat | Dog, {"kind": "cow"}) == [("kind", "enum")]
    assert faults(Cat | Dog, {}) == [("", "required")]


def test_a_tagged_union_may_be_null() -> None:
    """`| None` stays beside the branches."""
    assert faults(Cat | Dog | None, None) == []
    assert faults(Cat | Dog | None, {"kind": "cat", "lives": 1}) == []


def test_the_end_of_a_pattern_is_understood_everywhere() -> None:
    r"""Python's `\Z` becomes `$`, which elsewhere means the very end."""
    assert faults(Dog, {"kind": "dog", "name": "Rex"}) == []
    assert faults(Dog, {"kind": "dog", "name": "Rex\n"}) == [("name", "pattern")]


def test_a_description_has_no_trace_of_the_source_layout() -> None:
    """Paragraphs stay, indentation and line breaks inside them go."""
    described = json_schema(Cat)["$defs"]["Cat"]["description"]
    assert described == "A cat.\n\nIt does what it wants."
