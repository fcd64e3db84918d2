"""Whatever is sent, the answer is a 4xx in the one error shape, and the session is as it was."""

import gzip
import json
from typing import Any

import pytest
from tests.support.http import Http

JSON = {"Content-Type": "application/json"}
NOWHERE = "019a0000-0000-7000-8000-000000000000"
BODIES: dict[str, tuple[bytes, int]] = {
    "truncated": (b'{"text": "1.1: A"', 400),
    "empty": (b"", 400),
    "array": (b"[]", 400),
    "wrong type": (b'{"text": 1, "answers": {}, "feature_id": 5, "instance": 1, "path": []}', 400),
    "unknown field": (b'{"colour": "blue"}', 400),
    "duplicate keys": (b'{"text": "1.1: A", "text": "1.1: B"}', 400),
    "invalid UTF-8": (b'{"text": "\xff\xfe"}', 400),
    "byte order mark": (b'\xef\xbb\xbf{"text": "1.1: A"}', 400),
    "lone surrogate": (b'{"text": "\\ud800"}', 400),
    "NUL": (b'{"text": "1.1: A\\u0000"}', 400),
    "deep": (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "unclosed deep": (b"[" * 100_000, 400),
    "long number": (b'{"text": ' + b"9" * 5_000 + b"}", 400),
    "NaN": (b'{"text": NaN}', 400),
    "two values": (b"{} {}", 400),
    "comment": (b"{} // so", 400),
    "20 MB": (b'{"text": "' + b"a" * 20_000_000 + b'"}', 413),
}
ROUTES = ["/v1/sessions", "/v1/sessions/{session}/turns", "/v1/validate", "/v1/artifacts"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", BODIES)
def test_bodies(api: Http, session: str, route: str, name: str) -> None:
    """A body that cannot be read, or is not what the route takes, is refused with its faults."""
    body, status = BODIES[name]
    before = api.get(f"/v1/sessions/{session}").data
    reply = api.send("POST", route.format(session=session), body=body, headers=JSON)
    assert reply.status == status
    assert reply.error["message"]
    if status == 400:
        assert reply.error["code"] in ("MALFORMED_BODY", "VALIDATION_ERROR")
    assert api.get(f"/v1/sessions/{session}").data == before


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/xml",
        "application/jsonx",
        "application/json; charset=utf-16",
    ],
)
def test_content_types(api: Http, session: str, route: str, content_type: str | None) -> None:
    """A body that does not call itself JSON is 415."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = api.send("POST", route.format(session=session), body=b"{}", headers=headers)
    assert reply.status == 415
    assert reply.error["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("route", ROUTES)
def test_compressed(api: Http, session: str, route: str) -> None:
    """A compressed body is 415, for it is not what it seems in size."""
    body = gzip.compress(b'{"text": "1.1: A"}')
    headers = {**JSON, "Content-Encoding": "gzip"}
    reply = api.send("POST", route.format(session=session), body=body, headers=headers)
    assert reply.status == 415


def test_every_fault_at_once(api: Http, session: str) -> None:
    """All faults of a body are named together, each with its place."""
    body = {"text": 5, "colour": 1, "answers": [{"question": "x"}, {"text": "a", "extra": 1}]}
    reply = api.post(f"/v1/sessions/{session}/turns", body)
    assert {d["field"] for d in reply.error["details"]} == {
        "/text", "/colour", "/answers/0/question", "/answers/1", "/answers/1/extra",
    }  # fmt: skip


@pytest.mark.parametrize(
    "session_id",
    ["nope", "..", "%2e%2e", "%2e%2e%2fartifacts", "..%2f..%2fetc", "%00", "a%00b", "%ff",
     NOWHERE, "0" * 3000, "';%20drop%20table%20journals;--"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_ids(api: Http, session_id: str, method: str) -> None:
    """An id that does not exist, or is no id, is answered in the 4xx range."""
    path = f"/v1/sessions/{session_id}" + ("/turns" if method == "POST" else "")
    body: Any = {"text": "1.1: A"} if method == "POST" else None
    reply = api.send(method, path, body=body)
    assert 400 <= reply.status < 500
    assert reply.error["code"] in ("NOT_FOUND", "VALIDATION_ERROR", "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "feature_id", ["A", "a", "-a", "a" * 65, "a b", "a\n", "../a", "a\x00", "", 5, None, ["a"]]
)
def test_feature_ids(api: Http, feature_id: Any) -> None:
    """A feature id that is no slug is refused with the place and the rule."""
    reply = api.post("/v1/sessions", {"feature_id": feature_id})
    assert reply.status == 400
    assert [d["field"] for d in reply.error["details"]] == ["/feature_id"]


def test_unknown_profile(api: Http, feature: str) -> None:
    """A profile that does not exist is refused with those that do."""
    reply = api.post("/v1/sessions", {"feature_id": feature, "profile": "frontend"})
    assert reply.status == 400
    assert "backend-designer" in reply.error["details"][0]["message"]


@pytest.mark.parametrize("tag", ["7", '"x"', 'W/"7"', '"7", "8"', '""'])
def test_if_match_is_a_tag(api: Http, session: str, tag: str) -> None:
    """An If-Match that is none of our tags is 400, not ignored."""
    reply = api.turn(session, "4.3: pods", If_Match=tag)
    assert reply.status == 400
    assert reply.error["details"][0]["field"] == "If-Match"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=WyJhIl0x",
                                   "cursor=W10", "feature_id=A%20B"])  # fmt: skip
def test_queries(api: Http, query: str) -> None:
    """A parameter that cannot be used is 400 and named."""
    reply = api.get(f"/v1/sessions?{query}")
    assert reply.status == 400
    assert reply.error["details"][0]["field"] == query.split("=", maxsplit=1)[0]


def test_both_or_neither(api: Http, session: str) -> None:
    """An answer has text or value; both, or neither, is refused."""
    answers = [{"question": "4.3"}, {"question": "5.3", "text": "EU", "value": {"type": "text"}}]
    reply = api.post(f"/v1/sessions/{session}/turns", {"answers": answers})
    assert reply.status == 422
    assert [d["field"] for d in reply.error["details"]] == ["4.3", "5.3"]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/v1/nothing", 404), ("GET", "/", 404), ("PUT", "/v1/sessions", 405),
    ("PATCH", "/v1/validate", 405), ("GET", "/v1/journals", 404), ("POST", "/v1/commits", 404),
])  # fmt: skip
def test_routes(api: Http, method: str, path: str, status: int) -> None:
    """What is no route is 404, a wrong method is 405 with `Allow`, in the error shape."""
    reply = api.send(method, path)
    assert reply.status == status
    assert reply.error["code"]
    if status == 405:
        assert reply.headers["allow"]


def test_no_key(system: Any) -> None:
    """Without a key, or with a wrong one, the answer is 401 and says how to authenticate."""
    for client in (Http(system.url), Http(system.url, "qst_x_y"), Http(system.url, "x" * 5000)):
        reply = client.post("/v1/sessions", {"feature_id": "no-key"})
        assert reply.status == 401
        assert reply.headers["www-authenticate"]
        assert reply.error["code"] == "UNAUTHENTICATED"


def test_empty_turn(api: Http, session: str) -> None:
    """A turn without answers changes nothing."""
    reply = api.post(f"/v1/sessions/{session}/turns", {})
    assert (reply.status, reply.data["version"]) == (200, 1)
    json.loads(reply.body)
