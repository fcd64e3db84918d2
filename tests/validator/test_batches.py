"""Many documents at once, over HTTP: in a batch, and as lines."""

import json
from typing import Any

import pytest
from tests.support.bombs import LIMITED
from tests.support.http import Http, Reply
from tests.validator.conftest import ITEMS, LONGEST_LINE

pytestmark = pytest.mark.slow
INTEGER = {"type": "integer"}


def said(answer: Any) -> Any:
    """Give what an answer says: valid or not, or the error's code."""
    return answer["report"]["valid"] if "report" in answer else answer["error"]["code"]


def batch(api: Http, *items: Any) -> list[Any]:
    """Check items, and give what the answers say."""
    answers = api.post("/v1/validate/batch", {"items": items}).data
    assert [answer["index"] for answer in answers] == list(range(len(items)))
    return [said(answer) for answer in answers]


def lines(api: Http, *texts: str | bytes, query: str = "") -> Reply:
    """Send lines, and give the reply."""
    body = b"\n".join(text if isinstance(text, bytes) else text.encode() for text in texts)
    headers = {"Content-Type": "application/x-ndjson"}
    return api.send("POST", f"/v1/validate/stream{query}", body=body, headers=headers)


def answers_of(reply: Reply) -> dict[int, Any]:
    """Give what the answer lines say, by line."""
    assert reply.status == 200, reply.body
    assert reply.headers["content-type"] == "application/x-ndjson"
    found = [json.loads(line) for line in reply.body.splitlines()]
    return {answer["index"]: said(answer) for answer in found}


def test_each_item_of_a_batch_is_answered_by_itself(api: Http) -> None:
    """Whatever is wrong with one costs the others nothing."""
    found = batch(
        api,
        {"schema": INTEGER, "instance": 1},
        {"schema": INTEGER, "instance": "x"},
        {"schema": {"type": "strin"}, "instance": 1},
        {"schema": "nothing-of-this-name", "instance": 1},
        {"schema": "No Name", "instance": 1},
        {"schema": LIMITED["time"][0], "instance": "x"},
        {"schema": False, "instance": 1},
        {"instance": {}},
        {"schema": INTEGER, "instance": 1, "narrative": "# Text"},
        {"schema": {"format": "date"}, "instance": "x"},
        {"schema": {"format": "date"}, "instance": "x", "formats": "annotate"},
        {"schema": {"const": "\0"}, "instance": "\0"},
    )
    assert found == [
        True,
        False,
        "VALIDATION_ERROR",
        "NOT_FOUND",
        "VALIDATION_ERROR",
        "SCHEMA_LIMIT_EXCEEDED",
        False,
        False,
        "VALIDATION_ERROR",
        False,
        True,
        True,
    ]


def test_an_id_comes_back(api: Http) -> None:
    """The sender's own names tell the answers apart."""
    items = [{"id": name, "schema": INTEGER, "instance": 1} for name in ("b", "a")]
    answers = api.post("/v1/validate/batch", {"items": items}).data
    assert [answer["id"] for answer in answers] == ["b", "a"]


def test_a_batch_has_a_length(api: Http) -> None:
    """One item more than is taken, none at all, and what is no item are refused whole."""
    item = {"schema": INTEGER, "instance": 1}
    for items, place in (([item] * (ITEMS + 1), "/items"), ([], "/items"), ([{}], "/items/0")):
        error = api.post("/v1/validate/batch", {"items": items}).error
        assert (error["code"], error["details"][0]["field"]) == ("VALIDATION_ERROR", place)
    assert len(batch(api, *[item] * ITEMS)) == ITEMS


def test_a_batch_ends_in_time(api: Http) -> None:
    """What is not reached says so; nobody waits for ever."""
    bomb = {"schema": LIMITED["time"][0], "instance": "x"}
    answers = api.post("/v1/validate/batch", {"items": [bomb] * 6}).data
    limits = [answer["error"]["meta"]["limit"] for answer in answers]
    assert limits == sorted(limits, reverse=True)
    assert (limits[0], limits[-1]) == ("time", "batch")


def test_lines_are_requests(api: Http) -> None:
    """Each line is answered; a bad one gets an error, and the stream goes on."""
    good = json.dumps({"id": "x", "schema": INTEGER, "instance": 1})
    reply = lines(
        api,
        good,
        "not JSON",
        "",
        '{"schema": {"type": "integer"}, "instance": 1, "instance": 2}',
        b'{"schema": "\xff"}',
        "[" * 1_000,
        json.dumps({"schema": INTEGER, "instance": "x" * LONGEST_LINE}),
        '{"instance": {}}',
        good,
    )
    assert answers_of(reply) == {
        1: True,
        2: "MALFORMED_BODY",
        4: "MALFORMED_BODY",
        5: "MALFORMED_BODY",
        6: "MALFORMED_BODY",
        7: "PAYLOAD_TOO_LARGE",
        8: False,
        9: True,
    }


def test_lines_are_documents_with_a_schema_in_the_query(api: Http) -> None:
    """A user's schema or a built-in one; options count for every line."""
    api.send("PUT", "/v1/schemas/day/versions/1", body={"format": "date"})
    texts = ('"2026-01-31"', '"x"', "{", "1")
    assert answers_of(lines(api, *texts, query="?schema=day")) == {
        1: True,
        2: False,
        3: "MALFORMED_BODY",
        4: True,
    }
    assert answers_of(lines(api, '"x"', query="?schema=day&formats=annotate")) == {1: True}
    assert answers_of(lines(api, "{}", "{", query="?schema=backend")) == {
        1: False,
        2: "MALFORMED_BODY",
    }
    assert answers_of(lines(api, "1", query="?schema=nothing")) == {1: "NOT_FOUND"}


def test_an_empty_stream_has_no_answers(api: Http) -> None:
    """Nothing in, nothing out."""
    assert answers_of(lines(api, "")) == {}


def test_lines_have_to_say_what_they_are(api: Http) -> None:
    """JSON is no stream of lines, and a stream is no batch."""
    json_headers = {"Content-Type": "application/json"}
    assert api.send("POST", "/v1/validate/stream", body=b"1", headers=json_headers).status == 415
    lines_headers = {"Content-Type": "application/x-ndjson"}
    for path in ("/v1/validate/batch", "/v1/validate"):
        assert api.send("POST", path, body=b"{}", headers=lines_headers).status == 415
