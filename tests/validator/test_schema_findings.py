"""What is wrong with a document's shape is found at its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.designs import at, edited, example, leaves

from quaestor_shared.pointers import pointer
from quaestor_validator.domain.schema_findings import schema_findings
from quaestor_validator.schemas import built_in_schemas

BACKEND = built_in_schemas().find("backend")
_OPTIONAL = {"rate_limits", "notes", "traces"}
Path = tuple[str | int, ...]


def places(instance: Any) -> list[tuple[str, str]]:
    """Give code and pointer of what the schema finds."""
    return [(f.code, pointer(f.issue.path)) for f in schema_findings(BACKEND.faults(instance))]


def objects(node: Any, path: Path = ()) -> list[Path]:
    """Give the path of every object of the example, example payloads left out."""
    if isinstance(node, dict):
        inner = [
            o for k, v in node.items() if k != "payload_examples" for o in objects(v, (*path, k))
        ]
        return [path, *inner]
    if isinstance(node, list):
        return [o for i, item in enumerate(node) for o in objects(item, (*path, i))]
    return []


_OBJECTS = objects(example())
_MEMBERS = [(*path, key) for path in _OBJECTS for key in at(example(), path)]
_REQUIRED = [
    path
    for path in _MEMBERS
    if path[-1] not in _OPTIONAL and not (path[-1] == "sla" and "external" in path)
]


def test_the_example_has_no_fault() -> None:
    """What the source document shows is right."""
    assert places(example()) == []


@pytest.mark.parametrize("path", _REQUIRED, ids=pointer)
def test_a_missing_property_is_found_at_its_parent(path: Path) -> None:
    """Each required property that is dropped is one finding, and says which."""
    (finding,) = schema_findings(BACKEND.faults(edited(example(), path)))
    assert (finding.code, pointer(finding.issue.path)) == ("schema/required", pointer(path[:-1]))
    assert finding.issue.message == f"`{path[-1]}` is missing"
    assert finding.issue.expected == f"a property `{path[-1]}`"
    assert finding.issue.actual is None


@pytest.mark.parametrize("path", [p for p in _MEMBERS if p not in _REQUIRED], ids=pointer)
def test_an_optional_property_may_be_left_out(path: Path) -> None:
    """Rate limits and service level of an external API, notes and traces are optional."""
    assert places(edited(example(), path)) == []


@pytest.mark.parametrize("path", _OBJECTS, ids=pointer)
def test_an_unknown_property_is_found_at_its_key(path: Path) -> None:
    """No object of the artifact takes a property that the schema does not name."""
    instance = edited(example(), (*path, "no/such~thing"), 1)
    where = pointer((*path, "no/such~thing"))
    assert places(instance) == [("schema/additionalProperties", where)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("apis", "internal", 0, "methods", 0), "get"),
        (("apis", "internal", 0, "methods", 3), "TRACE"),
        (("apis", "external", 0, "auth_method"), "basic"),
        (("processes", 0, "type"), "Async"),
        (("storage", 0, "kind"), "graph"),
    ],
)
def test_a_broken_choice_is_found(path: Path, value: str) -> None:
    """A value that is none of the choices is found, and the choices are named."""
    (finding,) = schema_findings(BACKEND.faults(edited(example(), path, value)))
    assert (finding.code, pointer(finding.issue.path)) == ("schema/enum", pointer(path))
    assert finding.issue.actual == f'"{value}"'
    assert (finding.issue.expected or "").startswith("one of ")


@pytest.mark.parametrize("key", ["entities", "storage"])
def test_an_empty_list_is_found_where_one_item_is_needed(key: str) -> None:
    """A design has an entity and a store."""
    assert places({**example(), key: []}) == [("schema/minItems", f"/{key}")]


@pytest.mark.parametrize("key", ["processes", "dependencies", "assumptions", "open_questions"])
def test_other_lists_may_be_empty(key: str) -> None:
    """A design may have no process, no dependency, no assumption, no open question."""
    assert places({**example(), key: []}) == []


@given(st.sampled_from(leaves(example())), st.sampled_from([None, True, 4, [], {}, ["x"]]))
def test_a_retyped_leaf_is_found_there(path: Path, value: Any) -> None:
    """Any text of another type is found at its place; example payloads may be anything."""
    found = places(edited(example(), path, value))
    if "payload_examples" in path:
        assert found == []
    else:
        assert found
        assert {where for _, where in found} == {pointer(path)}


@pytest.mark.parametrize("instance", [None, 1, "text", [], True])
def test_what_is_no_object_is_one_finding(instance: Any) -> None:
    """The whole document is the place when the whole document is wrong."""
    assert places(instance) == [("schema/type", "")]


def test_a_long_value_is_cut_short() -> None:
    """A message never holds a whole instance."""
    instance = edited(example(), ("processes", 0, "type"), "x" * 100_000)
    (finding,) = schema_findings(BACKEND.faults(instance))
    assert len(finding.issue.message) < 300
    assert len(finding.issue.actual or "") < 100


@pytest.mark.parametrize(("size", "where"), [(4_095, "/" + "k" * 4_095), (4_096, "")])
def test_a_long_name_of_a_property_is_cut_short(size: int, where: str) -> None:
    """The pointer is exact, or its parent's above 4,096 characters; the message is short."""
    (finding,) = schema_findings(BACKEND.faults({**example(), "k" * size: 1}))
    assert pointer(finding.issue.path) == where
    assert (f"{size} characters" in finding.issue.message) is (where == "")
    assert len(finding.issue.message) < 200
