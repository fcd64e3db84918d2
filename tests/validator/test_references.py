"""References in schemas: where they stand, and what they mean."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_validator.domain.references import BASE, make_absolute, resolve, survey

SEGMENT = st.text("abc.", max_size=3)
PATH = st.lists(SEGMENT, max_size=4).map("/".join)


@given(base=PATH, reference=st.one_of(PATH, PATH.map("/".__add__), PATH.map("#".__add__)))
def test_a_reference_is_resolved_as_for_http(base: str, reference: str) -> None:
    """Any scheme with a hierarchy resolves as RFC 3986 says, which urllib does for `http`."""
    wanted = urljoin(f"http://host/{base}", reference)
    assert resolve(f"quaestor://host/{base}", reference) == "quaestor" + wanted[len("http") :]


@pytest.mark.parametrize(
    ("base", "reference", "wanted"),
    [
        ("https://a/b", "urn:x:y", "urn:x:y"),
        ("urn:x:y", "#/a", "urn:x:y#/a"),
        ("urn:x:y", "z", "z"),
        ("https://a/b", "//[bad", "//[bad"),
        (f"{BASE}order@1", "address@2#/a", f"{BASE}address@2#/a"),
    ],
)
def test_a_reference_of_a_kind(base: str, reference: str, wanted: str) -> None:
    """An absolute one stays, a URN has no hierarchy, and what is no URI means nothing else."""
    assert resolve(base, reference) == wanted


def test_references_are_found_where_schemas_are() -> None:
    """What stands in data, or under a property that happens to be called so, refers to nothing."""
    schema = {
        "$ref": "#/$defs/a",
        "const": {"$ref": "data"},
        "enum": [{"$ref": "data"}],
        "default": {"$ref": "data"},
        "properties": {"$ref": {"items": {"$dynamicRef": "#x"}}},
        "allOf": [{"not": {"$ref": "https://example.com/x#y"}}],
        "$defs": {"a": {"$id": "https://example.com/a/b", "if": {"$ref": "c"}}},
    }
    found = survey(schema, f"{BASE}x@1")
    assert [(reference.path, reference.uri) for reference in found.references] == [
        (("$ref",), f"{BASE}x@1"),
        (("properties", "$ref", "items", "$dynamicRef"), f"{BASE}x@1"),
        (("allOf", 0, "not", "$ref"), "https://example.com/x"),
        (("$defs", "a", "if", "$ref"), "https://example.com/a/c"),
    ]
    assert found.outward() == {"https://example.com/x", "https://example.com/a/c"}


def test_a_name_with_a_version_means_the_registered_schema_everywhere() -> None:
    """Whatever a schema calls itself, `name@version` does not start from there."""
    schema = {"$id": "https://example.com/a", "items": {"$ref": "address@1#/x"}}
    found = survey(schema, "https://example.com/a")
    assert found.outward() == {f"{BASE}address@1"}


def test_what_leads_out_is_written_absolutely() -> None:
    """It then means the same wherever the document is found; what stays inside stays."""
    schema = {
        "$id": "https://example.com/dir/a",
        "items": {"$ref": "b#/x"},
        "contains": {"$ref": "#/items"},
        "not": {"$ref": "a#/items"},
    }
    make_absolute(schema, survey(schema, BASE))
    assert [schema[key] for key in ("items", "contains", "not")] == [
        {"$ref": "https://example.com/dir/b#/x"},
        {"$ref": "#/items"},
        {"$ref": "a#/items"},
    ]
