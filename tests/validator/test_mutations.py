"""What is broken in a good design is found where it was broken."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.designs import at, edited, example
from tests.support.interviews import complete_with, script
from tests.support.rules import rule_findings

from quaestor_design_api.domain.outcome import missing, render
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.pointers import Path, pointer
from quaestor_validator.domain.schema_findings import schema_findings
from quaestor_validator.schemas import built_in_schemas

SCHEMA = built_in_schemas().find("backend", 1)
# Whatever stands in an example payload is data.
DATA = "payload_examples"
# What a design may leave out, and the rule that says so; None where leaving it out is no fault.
OPTIONAL = {"rate_limits": "external/no-rate-limit", "sla": "external/no-sla"}
OPTIONAL_WITHOUT_RULE = {"notes", "traces"}
# Of every JSON type one value; a leaf is replaced by those that are not of its own.
VALUES: dict[type, Any] = {str: "x", int: 7, bool: True, type(None): None, list: [], dict: {}}


def members(node: Any, path: Path = ()) -> Iterator[Path]:
    """Give the path of every member and every item, example payloads left out."""
    steps = node.items() if isinstance(node, dict) else enumerate(node)
    for step, child in steps:
        yield (*path, step)
        if isinstance(child, dict | list) and step != DATA:
            yield from members(child, (*path, step))


def found(document: Any) -> set[tuple[str, str]]:
    """Give code and pointer of everything that is found in a document."""
    faults = {
        (fault.code, pointer(fault.issue.path))
        for fault in schema_findings(SCHEMA.faults(document))
    }
    if faults:
        return faults
    return {(f.code, f.pointer) for f in rule_findings(msgspec.convert(document, Artifact))}


def optional(path: Path) -> bool:
    """Say whether a design may do without the member at a path."""
    return path[-1] in OPTIONAL_WITHOUT_RULE or (path[-1] in OPTIONAL and "external" in path)


@st.composite
def designs(draw: st.DrawFn) -> Any:
    """Give a design that an interview may end in, as JSON."""
    state = complete_with(draw(st.data()))
    assume(missing(script(), state) is None)
    return msgspec.json.decode(render(script(), state, label="1.0.0", document=b"").json)


@settings(max_examples=25, deadline=None)
@given(design=designs(), data=st.data())
def test_a_dropped_member_is_found_at_its_parent(design: Any, data: st.DataObject) -> None:
    """A missing one cannot be pointed at; what is optional has its rule, or is no fault."""
    named = [path for path in members(design) if isinstance(path[-1], str)]
    path = data.draw(st.sampled_from(named))
    after = found(edited(design, path))
    if not optional(path):
        assert ("schema/required", pointer(path[:-1])) in after
    elif rule := OPTIONAL.get(str(path[-1])):
        assert (rule, pointer(path[:-1])) in after
    else:
        assert not any(code.startswith("schema/") for code, _ in after)


@settings(max_examples=25, deadline=None)
@given(design=designs(), data=st.data())
def test_a_renamed_member_is_found_at_its_new_name(design: Any, data: st.DataObject) -> None:
    """And at its parent, where the old name is missing."""
    named = [path for path in members(design) if isinstance(path[-1], str)]
    path = data.draw(st.sampled_from(named))
    name = f"{path[-1]}{data.draw(st.sampled_from(['s', '_', '2', '/', '~']))}"
    renamed = edited(design, path)
    at(renamed, path[:-1])[name] = at(design, path)
    after = found(renamed)
    assert ("schema/additionalProperties", pointer((*path[:-1], name))) in after
    if not optional(path):
        assert ("schema/required", pointer(path[:-1])) in after


@settings(max_examples=25, deadline=None)
@given(design=designs(), data=st.data())
def test_a_value_of_another_type_is_found_where_it_stands(design: Any, data: st.DataObject) -> None:
    """Whatever it is, and whatever it was."""
    path = data.draw(st.sampled_from(list(members(design))))
    value = data.draw(
        st.sampled_from([v for t, v in VALUES.items() if t is not type(at(design, path))])
    )
    places = {
        place for code, place in found(edited(design, path, value)) if code.startswith("schema/")
    }
    assert pointer(path) in places


@settings(max_examples=25, deadline=None)
@given(design=designs(), data=st.data())
def test_a_choice_that_is_none_is_found_where_it_stands(design: Any, data: st.DataObject) -> None:
    """Kinds, types, methods and ways to authenticate are chosen from lists."""
    choices = [
        path
        for path in members(design)
        if path[-1] in ("kind", "type", "auth_method") or (path[-2:-1] == ("methods",))
    ]
    path = data.draw(st.sampled_from(choices))
    assert ("schema/enum", pointer(path)) in found(edited(design, path, "teapot"))


@settings(max_examples=25, deadline=None)
@given(design=designs(), data=st.data())
def test_an_entity_of_another_name_breaks_what_refers_to_it(
    design: Any, data: st.DataObject
) -> None:
    """Each relationship is found that named it, and no other."""
    index = data.draw(st.integers(0, len(design["entities"]) - 1))
    old = design["entities"][index]["name"]
    before = {place for code, place in found(design) if code == "references/unknown-entity"}
    after = found(edited(design, ("entities", index, "name"), "Renamed" * 5))
    broken = {place for code, place in after if code == "references/unknown-entity"}
    named = {
        pointer(("entities", i, "relationships", j))
        for i, entity in enumerate(design["entities"])
        for j, relationship in enumerate(entity["relationships"])
        if relationship == old
    }
    assert before == set()
    assert named <= broken


@settings(max_examples=25, deadline=None)
@given(design=designs(), data=st.data())
def test_an_item_that_stands_twice_is_found_at_the_second(design: Any, data: st.DataObject) -> None:
    """Entities, APIs, processes and stores are told apart by their names."""
    lists: list[Path] = [("entities",), ("apis", "internal"), ("apis", "external"), ("processes",)]
    parent = data.draw(
        st.sampled_from([path for path in [*lists, ("storage",)] if at(design, path)])
    )
    items = at(design, parent)
    index = data.draw(st.integers(0, len(items) - 1))
    places = {place for code, place in found(edited(design, parent, [*items, items[index]]))}
    last = pointer((*parent, len(items)))
    assert any(place == last or place.startswith(f"{last}/") for place in places)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("entities", 0, "expected_growth"), "a lot", "growth/unreadable"),
        (("entities", 0, "fields"), [], "completeness/no-fields"),
        (("apis", "internal", 0, "methods"), [], "apis/no-methods"),
        (("apis", "internal", 0, "sla"), "fast", "service-levels/unreadable"),
        (("apis", "internal", 0, "sla"), "", "service-levels/missing"),
        (("apis", "internal", 0, "sla"), "100% uptime", "service-levels/impossible"),
        (("apis", "external", 0, "endpoint"), "http://a.com", "external/insecure-endpoint"),
        (("apis", "external", 0, "endpoint"), "https://localhost", "external/private-endpoint"),
        (("apis", "external", 0, "rate_limits"), "fair", "external/unreadable-rate-limit"),
        (("processes", 0, "name"), " ", "names/blank"),
        (("scaling", "strategy"), "unknown", "openness/unknown-value"),
        (("scaling", "strategy"), "TBD", "openness/placeholder"),
        (("compliance", "logging"), "none", "completeness/no-logging"),
        (("observability", "health_checks"), [], "observability/no-probe"),
        (("observability", "metrics"), ["cpu"], "observability/unmeasured"),
    ],
)
def test_a_value_that_says_less_is_found_where_it_stands(path: Path, value: Any, code: str) -> None:
    """Right by the schema, and not by a rule that the design kept to before."""
    assert (code, pointer(path)) not in found(example())
    assert (code, pointer(path)) in found(edited(example(), path, value))
