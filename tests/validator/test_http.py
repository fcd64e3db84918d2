"""validator over HTTP: both forms of a request, and bad input of every kind."""

import asyncio
import json
import threading
from datetime import date
from typing import Any

import pytest
from tests.support.designs import edited, example
from tests.support.validator import JSON, ask, findings, verdict

from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.contracts.artifact import SCHEMA_ID
from quaestor_validator.app import create_app
from quaestor_validator.domain.audit import Subject, audit
from quaestor_validator.domain.config import Plan
from quaestor_validator.domain.settled import Settled
from quaestor_validator.service.validation import INLINE_BYTES
from quaestor_validator.settings import Settings

RAW = "/v1/validate?schema=backend"
SMALL = json.dumps(example()).encode()


def test_a_document_is_checked_as_it_is() -> None:
    """With `?schema=` the body is the document; 200 whatever the verdict."""
    good, bad = ask("POST", RAW, SMALL), ask("POST", RAW, b'{"feature_id": 4}')
    assert (good.status, bad.status) == (200, 200)
    assert (good.body["data"]["valid"], bad.body["data"]["valid"]) == (True, False)
    assert good.body["data"]["schema"] == "backend@1"
    assert good.body["meta"]["correlation_id"] == good.headers["x-correlation-id"]


@pytest.mark.parametrize("schema", ["backend", "backend@1", "backend@latest"])
def test_both_forms_give_one_verdict(schema: str) -> None:
    """A document in a request and the same document alone are judged the same."""
    alone = ask("POST", f"/v1/validate?schema={schema}", SMALL).body["data"]
    assert _without_places(verdict(example(), schema=schema)) == _without_places(alone)


def _without_places(report: Any) -> Any:
    """Give a report without what depends on how a document is wrapped."""
    for finding in report["findings"]:
        for place in (finding, *finding.get("related", [])):
            for key in ("line", "column", "end_line", "end_column"):
                place.pop(key, None)
    return report


def test_a_narrative_is_checked_with_its_document() -> None:
    """The narrative's findings stand beside those of the rules."""
    found = findings(example(), narrative="# Something else")
    assert found[0] == ("narrative/no-section", "")
    assert ("references/unknown-entity", "/entities/0/relationships/0") in found


def test_the_rules_wait_for_the_schema() -> None:
    """A document that is not what the schema says has findings of the schema alone."""
    instance = edited(example(), ("version",))
    assert findings(instance, narrative="") == [("schema/required", "")]


def test_findings_are_cut_to_the_number_asked_for() -> None:
    """The gravest come first; the counts include those left out."""
    instance = edited(example(), ("assumptions",), ["unknown"] * 5)
    report = verdict(instance, max_findings=3, narrative="")
    assert [f["severity"] for f in report["findings"]] == ["error", "warn", "warn"]
    counts = report["counts"]
    assert (counts["error"], counts["warn"]) == (1, 2)
    assert counts["info"] >= 5
    assert counts["left_out"] == counts["info"]
    assert report["valid"] is False


def test_many_faults_are_bounded() -> None:
    """Of 200,000 faults a hundred are shown, the counts are the least that there are."""
    instance = edited(example(), ("open_questions",), list(range(200_000)))
    answer = ask("POST", RAW, json.dumps(instance).encode())
    report = answer.body["data"]
    assert len(report["findings"]) == 100
    assert report["complete"] is False
    assert report["counts"]["error"] == 10_000
    assert report["counts"]["left_out"] == 9_900


LARGE = {"feature_id": "large"}
LARGE_BODIES = {
    "document": (RAW, json.dumps({**example(), **LARGE}).encode() + b" " * INLINE_BYTES),
    "narrative": (
        "/v1/validate",
        json.dumps(
            {
                "schema": "backend",
                "instance": {**example(), **LARGE},
                "narrative": "- a\n" * INLINE_BYTES,
            }
        ).encode(),
    ),
}


@pytest.mark.parametrize("what", LARGE_BODIES)
def test_a_large_check_does_not_hold_others_up(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a large document, or one with a large narrative, is checked, others are answered."""
    address, large = LARGE_BODIES[what]
    started, answered = threading.Event(), threading.Event()

    def stalling(subject: Subject, plan: Plan, today: date) -> Settled:
        if subject.instance["feature_id"] == "large":
            started.set()
            assert answered.wait(30), "the small request was not answered"
        return audit(subject, plan, today)

    async def scenario() -> None:
        service = create_app(Settings())

        async def send(address: str, body: bytes) -> None:
            reply = await AsgiTransport(service).send("POST", address, JSON.items(), body)
            assert reply.status == 200

        async with service.lifespan():
            first = asyncio.create_task(send(address, large))
            assert await asyncio.to_thread(started.wait, 30), "the check did not begin"
            await send(RAW, SMALL)
            answered.set()
            await first

    monkeypatch.setattr("quaestor_validator.service.validation.audit", stalling)
    asyncio.run(scenario())


def test_a_narrative_that_is_too_long() -> None:
    """A narrative above the limit is 413 with its place; comparing it would take many seconds."""
    body = {"schema": "backend", "instance": example(), "narrative": "- a\n" * 262_145}
    refused = ask("POST", "/v1/validate", json.dumps(body).encode())
    assert (refused.status, refused.body["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert [detail["field"] for detail in refused.body["error"]["details"]] == ["/narrative"]


_BAD_BODIES = {
    "empty": b"",
    "truncated": SMALL[:-1],
    "two values": SMALL + b"{}",
    "NaN": b'{"a": NaN}',
    "infinite": b'{"a": -Infinity}',
    "too large a number": b'{"a": 1e400}',
    "5,000 digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "byte order mark": b"\xef\xbb\xbf" + SMALL,
    "UTF-16": "{}".encode("utf-16"),
    "invalid UTF-8": b'{"a": "\xff"}',
    "NUL": b'{"instance": {"a": "\\u0000"}}',
    "NUL in a narrative": b'{"instance": {}, "narrative": "\\u0000"}',
    "lone surrogate": b'{"a": "\\ud800"}',
    "depth": b"[" * 100_000,
    "closed depth": b"[" * 100_000 + b"]" * 100_000,
    "depth of objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "single quotes": b"{'a': 1}",
}


@pytest.mark.parametrize("target", [RAW, "/v1/validate"])
@pytest.mark.parametrize("body", _BAD_BODIES.values(), ids=_BAD_BODIES)
def test_what_is_no_json_is_refused(body: bytes, target: str) -> None:
    """Every body that cannot be read is a 400 in the one error shape."""
    answer = ask("POST", target, body)
    assert answer.status == 400
    assert answer.body["success"] is False
    assert answer.body["error"]["code"] == "MALFORMED_BODY"
    assert answer.body["error"]["correlation_id"] == answer.headers["x-correlation-id"]


def test_every_fault_of_a_request_is_named() -> None:
    """A request that is JSON and no ValidateRequest is refused with all its faults."""
    answer = ask("POST", "/v1/validate", b'{"schema": 1, "max_findings": 0, "what": 1}')
    assert answer.status == 400
    assert answer.body["error"]["code"] == "VALIDATION_ERROR"
    assert {fault["field"] for fault in answer.body["error"]["details"]} == {
        "",
        "/schema",
        "/max_findings",
        "/what",
    }


def test_a_body_over_the_limit_is_refused() -> None:
    """20 MB is more than is taken."""
    answer = ask("POST", RAW, b'"' + b"x" * 20_000_000 + b'"')
    assert (answer.status, answer.body["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
    ids=["none", "text", "form", "charset", "gzip"],
)
@pytest.mark.parametrize("target", [RAW, "/v1/validate"])
def test_another_content_type_is_refused(headers: dict[str, str], target: str) -> None:
    """JSON has to call itself JSON, and to come as it is."""
    answer = ask("POST", target, SMALL, headers)
    assert (answer.status, answer.body["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("name", ["backend@2", "backend@0", "", "..%2f", "@", "B"])
def test_an_unknown_schema_is_not_found(name: str) -> None:
    """Whatever is asked for, only a schema that can be there is looked for."""
    answer = ask("POST", f"/v1/validate?schema={name}", SMALL)
    assert (answer.status, answer.body["error"]["code"]) == (404, "NOT_FOUND")


def test_an_unknown_schema_in_a_request_is_not_found() -> None:
    """The other form of the request answers the same."""
    body = json.dumps({"instance": {}, "schema": "backend@3"}).encode()
    assert ask("POST", "/v1/validate", body).status == 404


def test_schemas_are_listed_without_and_read_with_their_document() -> None:
    """`latest` is the highest version."""
    listed = ask("GET", "/v1/schemas").body["data"]
    assert listed == [{"name": "backend", "version": 1, "id": SCHEMA_ID, "built_in": True}]
    read = [ask("GET", f"/v1/schemas/backend/versions/{v}").body["data"] for v in ("1", "latest")]
    assert read[0] == read[1]
    assert read[0]["document"]["$id"] == SCHEMA_ID


@pytest.mark.parametrize("version", ["2", "0", "-1", "01", "x", "%00", "..%2f..", "%F0%9F%98%80"])
def test_a_version_that_is_not_there_is_not_found(version: str) -> None:
    """Numbers, words and worse are 404."""
    answer = ask("GET", f"/v1/schemas/backend/versions/{version}")
    assert (answer.status, answer.body["success"]) == (404, False)


def test_rules_are_listed_by_code() -> None:
    """Every rule has a code, a severity, a title and a page."""
    rules = ask("GET", "/v1/rules").body["data"]
    assert [rule["code"] for rule in rules] == sorted(rule["code"] for rule in rules)
    assert "narrative/missing" in [rule["code"] for rule in rules]
    assert all(rule["url"].startswith("docs/rules/") for rule in rules)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [("GET", "/v1/validate", 405), ("POST", "/v1/rules", 405), ("GET", "/v2/rules", 404)],
)
def test_a_wrong_address_has_the_error_shape(method: str, target: str, status: int) -> None:
    """No route and the wrong method are answered like everything else."""
    answer = ask(method, target)
    assert (answer.status, answer.body["success"]) == (status, False)


@pytest.mark.parametrize("probe", ["live", "ready"])
def test_it_is_well_on_its_own(probe: str) -> None:
    """validator needs no other service."""
    health = ask("GET", f"/health/{probe}").body["data"]
    assert (health["status"], health["service"], health["checks"]) == ("ok", "validator", {})


def test_its_document_tells_of_both_forms() -> None:
    """OpenAPI shows the request, the raw document, and the query that chooses."""
    operation = create_app(Settings()).openapi()["paths"]["/v1/validate"]["post"]
    forms = operation["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert forms[0] == {"$ref": "#/components/schemas/ValidateRequest"}
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert names == ["schema", "formats", "max_findings", "output", "path"]


def test_a_finding_about_the_whole_has_the_empty_pointer() -> None:
    """It is there, because readers look for it."""
    (finding,) = ask("POST", RAW, b"4").body["data"]["findings"]
    assert finding["pointer"] == ""


def test_a_name_too_long_to_point_at_is_shown() -> None:
    """At its object, with the name cut short, also with one finding asked for."""
    schema = {"properties": {"a": {}}, "additionalProperties": False}
    request = {"schema": schema, "instance": {"A" * 1_000_000: 1}, "max_findings": 1}
    report = ask("POST", "/v1/validate", json.dumps(request).encode()).body["data"]
    (finding,) = report["findings"]
    assert (finding["pointer"], report["counts"]["left_out"]) == ("", 0)
    assert "1000000 characters" in finding["message"]
    assert len(json.dumps(report)) < 2_000


def test_a_misspelt_method_of_an_example_is_named() -> None:
    """What was meant is said, each method once, and no program renames it unasked."""
    instance = example()
    api = instance["apis"]["internal"][0]
    api["methods"] = ["GET", "POST", "POST"]
    api["payload_examples"] = {"PSOT": {}}
    report = verdict(instance)
    (finding,) = [f for f in report["findings"] if f["code"] == "apis/payload-method"]
    assert (finding["did_you_mean"], finding["expected"]) == ("POST", "one of GET, POST")
    assert not finding["fix"].get("safe", False)
