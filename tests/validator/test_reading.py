"""What is read straight into an artifact is what the schema takes, read strictly."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.designs import artifacts, at, edited, example, leaves

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.errors import MalformedBody
from quaestor_shared.service import strict_json
from quaestor_shared.service.schema_tree import ANNOTATIONS
from quaestor_validator.schemas import built_in_schemas

SCHEMA = built_in_schemas().find("backend", 1)
# What msgspec proves of what it decodes into a Struct that forbids unknown fields.
PROVED = {
    *("type", "enum", "required", "properties", "additionalProperties", "items", "minItems"),
    *("pattern", "$ref"),
}
VALUES = st.sampled_from([None, True, 4.5, "", "teapot", [], ["a"], {}, {"a": 1}, [[1]], 10**30])
# Layouts and spellings of JSON that mean the same, and some that mean nothing.
SWAPS = [
    ('"version"', '"versio\\u006e"'),
    ('"version"', '"created_at"'),
    ("{", '{"feature_id": "a", '),
    ("{", '{"n\\u0061me": "a:b", '),
    ("T", "\\u0054"),
    (" ", "\\u0000"),
    (" ", "\\u003a"),
    ("a", "\\ud83d"),
    ("2025", "2O25"),
    ("[", "[" * 60),
    ("}", "},"),
    (": ", " :\n"),
]


def carefully(body: bytes) -> Artifact | None:
    """Read a body strictly, check it by the schema, convert it; None where that cannot be."""
    try:
        instance = strict_json.parse(body)
    except MalformedBody:
        return None
    return None if list(SCHEMA.faults(instance)) else msgspec.convert(instance, Artifact)


def same(text: str) -> None:
    """Check that what is read straight is what is read with care."""
    body = text.encode("utf-8", "surrogatepass")
    artifact = SCHEMA.read(body)
    assert artifact is None or artifact == carefully(body)


@given(artifacts(), st.sampled_from([None, 0, 2]), st.booleans())
def test_an_artifact_is_read_alike(artifact: Artifact, indent: int | None, escaped: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever stands in it, and whatever the layout."""
    same(json.dumps(msgspec.to_builtins(artifact), indent=indent, ensure_ascii=escaped))


@settings(max_examples=400)
@given(path=st.sampled_from(leaves(example())), up=st.integers(0, 3), data=st.data())
def test_what_is_edited_is_read_alike(path: Any, up: int, data: st.DataObject) -> None:
    """Members and items of another type, missing, or beside unknown ones."""
    path = path[: max(1, len(path) - up)]
    dropped = data.draw(st.booleans())
    document = edited(example(), path) if dropped else edited(example(), path, data.draw(VALUES))
    parent = at(document, path[:-1])
    if isinstance(parent, dict) and data.draw(st.booleans()):
        parent[data.draw(st.sampled_from(["x", "notes", "traces"]))] = data.draw(VALUES)
    same(json.dumps(document))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(SWAPS), st.integers(0, 40)), max_size=3))
def test_what_is_written_otherwise_is_read_alike(
    swaps: list[tuple[tuple[str, str], int]],
) -> None:
    """Names twice, escapes, depth and all that is nearly JSON."""
    text = json.dumps(example())
    for (old, new), number in swaps:
        parts = text.split(old)
        at_ = number % len(parts)
        text = old.join(parts[:at_]) + new + old.join(parts[at_:])
    same(text)


@pytest.mark.parametrize("escaped", [False, True])
def test_ordinary_designs_are_read_straight(*, escaped: bool) -> None:
    """Umlauts and quotes are no reason to go slowly."""
    document = edited(example(), ("scaling", "strategy"), 'f\u00fcr alle: "pods" {[')
    body = json.dumps(document, ensure_ascii=escaped).encode()
    assert SCHEMA.read(body) == carefully(body) is not None


@pytest.mark.parametrize("time", ["2025-08-31", "2025-02-30T00:00:00Z", "now", ""])
def test_a_format_is_checked_besides(time: str) -> None:
    """msgspec does not know of it."""
    body = json.dumps(edited(example(), ("created_at",), time)).encode()
    assert SCHEMA.read(body) is None


def test_the_schema_says_nothing_that_goes_unproved() -> None:
    """Every keyword is one that decoding proves, but for the format of one of the root's texts."""
    said: set[str] = set()
    formats: list[str] = []

    def visit(name: str, node: Any) -> None:
        said.update(node.keys() - {"format"})
        if "format" in node:
            formats.append(name)
        for part in ("properties", "$defs"):
            for each, value in node.get(part, {}).items():
                visit(f"{name}/{each}", value)
        if "items" in node:
            visit(f"{name}/items", node["items"])

    visit("", SCHEMA.document)
    assert said - ANNOTATIONS <= PROVED
    assert formats == ["/Artifact/created_at"]
