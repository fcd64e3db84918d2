"""Schemas that users register, over HTTP, with a real store behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.support.http import Http, Reply
from tests.support.servers import ServerProcess
from tests.validator.conftest import validator

pytestmark = pytest.mark.slow
_numbers = count(1)


@pytest.fixture
def name() -> str:
    """Give a name that no other test uses."""
    return f"schema-{next(_numbers)}"


def put(api: Http, name: str, version: object, schema: Any, **query: str) -> Reply:
    """Register a schema."""
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    target = f"/v1/schemas/{name}/versions/{version}?{asked}"
    return api.send("PUT", target, body=schema)


def read(api: Http, name: str, version: object) -> Reply:
    """Read a schema."""
    return api.get(f"/v1/schemas/{name}/versions/{version}")


def check(api: Http, schema: Any, instance: Any, **more: Any) -> list[tuple[str, str]]:
    """Validate, and give the code and pointer of each finding."""
    reply = api.post("/v1/validate", {"schema": schema, "instance": instance, **more})
    return [(f["code"], f.get("pointer", "")) for f in reply.data["findings"]]


def faults(reply: Reply) -> dict[str, str]:
    """Give the message of each fault by its place."""
    assert reply.status == 400, reply.body
    return {fault["field"]: fault["message"] for fault in reply.error["details"]}


def test_a_version_is_registered_once_and_never_changes(api: Http, name: str) -> None:
    """201 makes it, 200 finds the same bytes, 409 refuses others, even if they say the same."""
    made = put(api, name, 7, b'{"type": "integer"}')
    assert made.status == 415  # it has to say what it is
    json = {"Content-Type": "application/schema+json"}
    target = f"/v1/schemas/{name}/versions/7"
    statuses = [
        api.send("PUT", target, body=body, headers=json).status
        for body in (b'{"type": "integer"}', b'{"type": "integer"}', b'{"type":"integer"}')
    ]
    assert statuses == [201, 200, 409]
    found = read(api, name, 7).data
    assert (found["document"], found["version"]) == ({"type": "integer"}, 7)
    assert check(api, f"{name}@7", "x") == [("schema/type", "")]


def test_the_latest_is_the_highest_version(validators: list[ServerProcess], name: str) -> None:
    """Whatever came last, and whichever process it came to."""
    first, second = (Http(process.url) for process in validators)
    put(first, name, 9, {"const": 9})
    put(second, name, 2, {"const": 2})
    for api in (first, second):
        assert read(api, name, "latest").data["version"] == 9
        assert check(api, name, 9) == check(api, f"{name}@latest", 9) == []
        assert check(api, f"{name}@2", 9) == [("schema/const", "")]


def test_schemas_refer_to_each_other_by_name_id_and_uri(api: Http, name: str) -> None:
    """All three mean the registered schema, also through another one."""
    put(api, f"{name}-a", 1, {"$id": f"https://example.com/{name}", "type": "integer"})
    put(api, f"{name}-b", 1, {"minimum": 5}, uri=f"https://example.com/dir/{name}.json")
    refers = {
        "properties": {
            "name": {"$ref": f"{name}-a@1"},
            "id": {"$ref": f"https://example.com/{name}"},
            "uri": {"$ref": f"{name}.json"},
            "ours": {"$ref": "backend@1#/$defs/Entity/properties/name"},
        }
    }
    made = put(api, name, 1, refers, uri=f"https://example.com/dir/{name}-root.json")
    assert made.status == 201, made.body
    found = check(api, {"$ref": f"{name}@1"}, {"name": "x", "id": "x", "uri": 1, "ours": 1})
    assert sorted(found) == [
        ("schema/minimum", "/uri"),
        ("schema/type", "/id"),
        ("schema/type", "/name"),
        ("schema/type", "/ours"),
    ]


def test_every_fault_of_a_schema_is_named_at_its_place(api: Http, name: str) -> None:
    """Keywords, patterns and references, those that nothing uses included."""
    found = faults(
        put(
            api,
            name,
            1,
            {
                "type": "strin",
                "minimum": "x",
                "properties": {"a": {"$ref": "https://example.com/nowhere"}},
                "patternProperties": {"(b)\\1": {}},
                "$defs": {
                    "file": {"$ref": "file:///etc/passwd#/a"},
                    "within": {"$ref": "#/$defs/none"},
                    "moving": {"$ref": "order"},
                    "ahead": {"pattern": "(?=a)"},
                },
            },
        )
    )
    assert set(found) == {
        "/type",
        "/minimum",
        "/properties/a/$ref",
        "/patternProperties/(b)\\1",
        "/$defs/file/$ref",
        "/$defs/within/$ref",
        "/$defs/moving/$ref",
        "/$defs/ahead/pattern",
    }
    assert "order@1" in found["/$defs/moving/$ref"]
    assert read(api, name, 1).status == 404


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ([1], ""),
        ("text", ""),
        ({"$schema": "https://example.com/none"}, "/$schema"),
        ({"$schema": 3}, "/$schema"),
        ({"$ref": 7}, "/$ref"),
        ({"$ref": "//[bad"}, "/$ref"),
        ({"$id": "quaestor://schemas/other@1"}, "/$id"),
        ({"$id": "https://json-schema.org/draft/2020-12/schema"}, "/$id"),
        ({"$id": "urn:quaestor:specs:backend:1"}, "/$id"),
    ],
)
def test_what_is_no_schema_is_refused(api: Http, name: str, schema: Any, place: str) -> None:
    """The place tells, whatever is wrong."""
    assert place in faults(put(api, name, 1, schema))


def test_a_name_and_a_version_have_a_form(api: Http) -> None:
    """Both faults are named."""
    assert set(faults(put(api, "No.Name", "01", {}))) == {"name", "version"}
    assert set(faults(put(api, "name", 1, {}, uri="relative"))) == {"uri"}


def test_built_in_names_are_taken(api: Http) -> None:
    """Nobody can say what `backend` is."""
    assert put(api, "backend", 2, {}).status == 409


def test_a_uri_names_one_schema(api: Http, name: str) -> None:
    """The second that claims it is refused, be it as `$id` or as `uri`."""
    uri = f"https://example.com/{name}"
    assert put(api, name, 1, {"$id": uri}).status == 201
    assert put(api, name, 2, {"$id": uri}).status == 409
    assert put(api, name, 3, {}, uri=uri).status == 409


@pytest.mark.parametrize(
    ("dialect", "schema", "bad"),
    [
        ("http://json-schema.org/draft-07/schema#", {"items": [{"type": "null"}]}, [1]),
        ("http://json-schema.org/draft-04/schema#", {"maximum": 1, "exclusiveMaximum": True}, 1),
        ("https://json-schema.org/draft/2019-09/schema", {"items": [{"type": "null"}]}, [1]),
    ],
)
def test_older_dialects_are_taken(
    api: Http, name: str, dialect: str, schema: dict[str, Any], bad: Any
) -> None:
    """`$schema` chooses how the keywords are read; in 2020-12 these schemas are none."""
    assert put(api, name, 1, {"$schema": dialect, **schema}).status == 201
    assert len(check(api, name, bad)) == 1
    assert put(api, name, 2, schema).status == 400


def test_a_registered_meta_schema_is_a_dialect(api: Http, name: str) -> None:
    """Its vocabularies count: without `validation`, `type` says nothing."""
    uri = f"https://example.com/{name}"
    core, applicator = (
        f"https://json-schema.org/draft/2020-12/vocab/{part}" for part in ("core", "applicator")
    )
    dialect = "https://json-schema.org/draft/2020-12/schema"
    meta = {"$schema": dialect, "$id": uri, "$vocabulary": {core: True, applicator: True}}
    assert put(api, name, 1, meta).status == 201
    assert check(api, {"$schema": uri, "type": "integer"}, "x") == []


def test_schemas_are_listed_in_pages(api: Http, name: str) -> None:
    """By name and version; numbers sort as numbers."""
    for version in (10, 9, 100):
        put(api, name, version, {"const": version})
    shown: list[int] = []
    target = f"/v1/schemas?name={name}&limit=2"
    cursor = ""
    while cursor is not None:
        page = api.get(target + cursor)
        shown += [view["version"] for view in page.data]
        following = page.json["meta"]["pagination"]["next"]
        assert ("link" in page.headers) == (following is not None)
        cursor = following and f"&cursor={following}"
    assert shown == [9, 10, 100]


def test_of_many_that_register_at_once_one_makes_it(
    validators: list[ServerProcess], name: str
) -> None:
    """Two processes, many requests: one 201, the same content 200, the other 409."""
    clients = [Http(process.url) for process in validators]
    with ThreadPoolExecutor(8) as threads:
        found = list(
            threads.map(lambda i: put(clients[i % 2], name, 1, {"const": i % 4 // 2}), range(16))
        )
    statuses = sorted(reply.status for reply in found)
    assert statuses == [200] * 7 + [201] + [409] * 8


@pytest.fixture
def alone(folder: Path) -> Iterator[Http]:
    """Run a validator that knows of no store."""
    process = validator(folder)
    process.start()
    yield Http(process.url)
    process.end()


def test_without_a_store_built_in_and_inline_schemas_work(alone: Http) -> None:
    """The registry says which setting is missing; the rest goes on."""
    for reply in (put(alone, "order", 1, {}), read(alone, "order", 1)):
        assert reply.status == 503
        assert "QUAESTOR_VALIDATOR_ARTIFACT_STORE_URL" in reply.error["message"]
    body = {"schema": "order", "instance": 1}
    assert alone.post("/v1/validate", body).status == 503
    assert check(alone, {"type": "integer"}, "x") == [("schema/type", "")]
    assert check(alone, "backend", {})
    assert [view["name"] for view in alone.get("/v1/schemas").data] == ["backend"]
    assert alone.get("/health/ready").status == 200


def test_while_the_store_is_away_what_is_known_works(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """A schema that was read before is still there; the registry answers 503 until it is back."""
    settings = {"DATA_DIR": str(tmp_path)}
    store = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "s.log")
    process = validator(folder, ARTIFACT_STORE_URL=store.url)
    store.start()
    process.start()
    api = Http(process.url)
    try:
        assert api.get("/health/ready").status == 200
        assert put(api, name, 1, {"type": "integer"}).status == 201
        store.end()
        assert check(api, f"{name}@1", "x") == [("schema/type", "")]
        assert api.get("/health/ready").status == 503
        assert put(api, name, 2, {}).status == 503
        assert api.post("/v1/validate", {"schema": name, "instance": 1}).status == 503
        assert check(api, {"type": "integer"}, "x") == [("schema/type", "")]
        store.start()
        assert put(api, name, 2, {}).status == 201
    finally:
        process.end()
        store.end()
