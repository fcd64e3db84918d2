"""Two schemas compared over HTTP: by name or inline, whatever they do to the worker."""

import json
import re
from typing import Any

import pytest
from tests.support.designs import ROOT
from tests.support.http import Http
from tests.support.validator import Answer, ask

pytestmark = pytest.mark.slow

_OBJECT: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}


def compare(before: Any, after: Any, **more: Any) -> Answer:
    """Compare two schemas."""
    body = {"before": before, "after": after, **more}
    return ask("POST", "/v1/schemas/compatibility", json.dumps(body).encode())


def verdicts(answer: Answer) -> tuple[str, str, str]:
    """Give the three answers."""
    data = answer.body["data"]
    return data["backward"], data["forward"], data["full"]


def test_the_page_shows_what_is_answered() -> None:
    """The answer in docs/how-to/compatibility.md is the one that its request gets."""
    page = (ROOT / "docs/how-to/compatibility.md").read_text("utf-8")
    request, shown = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    answer = ask("POST", "/v1/schemas/compatibility", request.encode())
    assert answer.status == 200
    assert answer.body["data"] == json.loads(shown)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("backend", "backend@1", ("compatible", "compatible", "compatible")),
        (_OBJECT, {"type": "object"}, ("compatible", "incompatible", "incompatible")),
        ({"type": "object"}, _OBJECT, ("incompatible", "compatible", "incompatible")),
        (True, False, ("incompatible", "compatible", "incompatible")),
        (
            {"$ref": "backend@1"},
            {"$ref": "backend@1", "title": "x"},
            ("compatible", "compatible", "compatible"),
        ),
        ({"pattern": "^a+$"}, {"pattern": "^[ab]+$"}, ("unknown", "incompatible", "incompatible")),
    ],
    ids=["the same", "wider", "narrower", "nothing", "registered", "patterns"],
)
def test_both_directions_are_answered(
    before: Any, after: Any, expected: tuple[str, str, str]
) -> None:
    """Backward asks whether the new schema takes the old data, forward the other way, full both."""
    assert verdicts(compare(before, after)) == expected


_ADDRESS: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"$ref": "#/$defs/city"}},
    "required": ["city"],
    "$defs": {"city": {"type": "string", "minLength": 1}},
}
_CITY = {"type": "string", "minLength": 1}
_INLINED = {"type": "object", "properties": {"city": _CITY}, "required": ["city"]}


@pytest.mark.parametrize("way", ["name", "id"])
def test_a_reference_to_a_registered_schema_is_followed(api: Http, way: str) -> None:
    """What another schema says of a place counts as if it stood there, to prove and to show."""
    own = {"$id": "https://example.com/address"} if way == "id" else {}
    address, person = f"address-by-{way}", f"person-by-{way}@1"
    reference = own.get("$id", f"{address}@1")
    refers = {"type": "object", "properties": {"lives_at": {"$ref": reference}}}
    for name, schema in ((f"{address}@1", {**_ADDRESS, **own}), (person, refers)):
        target = f"/v1/schemas/{name.replace('@', '/versions/')}"
        assert api.send("PUT", target, body=schema).status == 201

    def compared(before: Any, after: Any) -> Any:
        return api.post("/v1/schemas/compatibility", {"before": before, "after": after}).data

    inlined = _living(_INLINED)
    assert compared(person, inlined)["full"] == "compatible"
    assert compared({"$ref": person}, inlined)["full"] == "compatible"
    stricter = {**_INLINED, "properties": {"city": {**_CITY, "maxLength": 40}}}
    found = compared(person, _living(stricter))
    assert (found["backward"], found["forward"]) == ("incompatible", "compatible")
    assert [(one["keyword"], one["instance_pointer"]) for one in found["breaks"]] == [
        ("maxLength", "/lives_at/city")
    ]
    pattern = {**_INLINED, "properties": {"city": {**_CITY, "not": {"pattern": "^a+b$"}}}}
    found = compared(_living(pattern), person)
    assert found["backward"] == "compatible"


def test_a_reference_that_cannot_be_followed_leaves_the_rest_to_be_compared(api: Http) -> None:
    """A schema with an anchor stays outside; what is alike or wider beside it is proved still."""
    body = {"$anchor": "here", "type": "string"}
    assert api.send("PUT", "/v1/schemas/anchored/versions/1", body=body).status == 201
    refers = {"$ref": "anchored@1#here"}
    before = {"properties": {"a": refers, "b": {"maxLength": 3}}}
    after = {"properties": {"a": refers, "b": {}}}
    request = {"before": before, "after": after}
    found = api.post("/v1/schemas/compatibility", request).data
    assert (found["backward"], found["forward"]) == ("compatible", "incompatible")
    request["after"] = {"properties": {"a": {"type": "string"}}}
    found = api.post("/v1/schemas/compatibility", request).data
    assert (found["backward"], found["undecided"][0]["pointer"]) == ("unknown", "/properties/a")


def _living(address: Any) -> Any:
    return {"type": "object", "properties": {"lives_at": address}}


def test_every_fault_of_a_schema_is_named() -> None:
    """What is no schema cannot be compared; the places lead into the request."""
    answer = compare({"type": 5, "required": "x"}, {})
    assert (answer.status, answer.body["error"]["code"]) == (400, "VALIDATION_ERROR")
    places = {fault["field"] for fault in answer.body["error"]["details"]}
    assert places == {"/before/type", "/before/required"}


def test_a_name_that_is_none_is_refused() -> None:
    """A schema is named as everywhere."""
    answer = compare("No Such", "backend")
    assert answer.status == 400
    assert [fault["field"] for fault in answer.body["error"]["details"]] == ["/before"]


_BOMB: dict[str, Any] = {
    "$defs": {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 4} for n in range(12)}
    | {"d12": {"type": "string"}},
    "$ref": "#/$defs/d0",
}
_HOSTILE: dict[str, Any] = {
    "a loop": {"$ref": "#"},
    "a loop of two": {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}},
    # The canonical form of jsonschema-rs 0.60 ends the process over this one.
    "a crash": {
        "if": {},
        "else": {
            "prefixItems": [{"unevaluatedProperties": {}, "$ref": "#"}],
            "oneOf": [{"dependentSchemas": {}}],
        },
    },
    "a bomb": _BOMB,
    "a long pattern": {"pattern": "(a|b|c){0,30}" * 8},
    "many names": {"properties": {f"p{n}": {"enum": list(range(20))} for n in range(500)}},
    "deep": json.loads('{"items":' * 50 + "true" + "}" * 50),
}


@pytest.mark.parametrize("schema", _HOSTILE.values(), ids=_HOSTILE)
def test_no_schema_takes_the_service_down(schema: Any) -> None:
    """Whatever a schema does to the worker, the answer comes, and claims nothing unproved."""
    answer = compare(schema, {"type": "integer", "minimum": 7})
    assert answer.status in (200, 422)
    if answer.status == 200:
        assert answer.body["data"]["backward"] != "compatible"


def test_breaks_are_cut_to_the_number_asked_for() -> None:
    """The number of those left out is told."""
    after = {**_OBJECT, "required": ["b"], "maxProperties": 1, "additionalProperties": False}
    data = compare(_OBJECT, after, max_breaks=1).body["data"]
    assert len(data["breaks"]) == 1
    assert data["left_out"] >= 1
