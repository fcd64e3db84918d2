"""Comparisons over HTTP: the verdict, bad documents, bounds."""

import json
import re
from typing import Any

import pytest
from tests.support.designs import ROOT, edited, example
from tests.support.validator import Answer, ask

_METHODS = ("apis", "internal", 0, "methods")


def compare(before: Any, after: Any, **more: Any) -> Answer:
    """Compare two documents."""
    body = {"before": {"document": before}, "after": {"document": after}, **more}
    return ask("POST", "/v1/diff", json.dumps(body).encode())


def test_the_page_shows_what_is_answered() -> None:
    """The answer in docs/how-to/diff.md is the one that its request gets."""
    page = (ROOT / "docs/how-to/diff.md").read_text("utf-8")
    shown = re.search(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert shown is not None
    answer = compare(example(), edited(example(), _METHODS, ["GET", "POST", "DELETE"]))
    assert answer.status == 200
    assert answer.body["data"] == json.loads(shown[1])
    assert answer.body["meta"]["correlation_id"] == answer.headers["x-correlation-id"]


@pytest.mark.parametrize(
    ("path", "value", "passed"),
    [
        (_METHODS, ["GET"], {"never"}),
        (_METHODS, ["GET", "POST", "PUT", "DELETE", "HEAD"], {"never", "breaking"}),
        (("version",), "1.1.0", {"never", "breaking", "additive"}),
        (("version",), "1.0.0", {"never", "breaking", "additive", "any"}),
    ],
    ids=["breaking", "additive", "documentation", "none"],
)
def test_the_verdict_is_about_the_kinds_asked_for(path: Any, value: Any, passed: set[str]) -> None:
    """`fail_on` names the least change that fails; without it, that is a breaking one."""
    after = edited(example(), path, value)
    verdicts = {
        fail_on: compare(example(), after, fail_on=fail_on).body["data"]["passed"]
        for fail_on in ("never", "breaking", "additive", "any")
    }
    assert {fail_on for fail_on, good in verdicts.items() if good} == passed
    assert compare(example(), after).body["data"]["passed"] == verdicts["breaking"]


def test_changes_are_cut_to_the_number_asked_for() -> None:
    """Breaking changes come first; the counts have all of them."""
    after = edited(edited(example(), ("version",), "2"), _METHODS, ["HEAD"])
    report = compare(example(), after, max_changes=2).body["data"]
    assert [c["code"] for c in report["changes"]] == ["diff/method-removed"] * 2
    assert report["counts"] == {"breaking": 4, "additive": 1, "documentation": 1, "left_out": 4}


def test_every_fault_of_both_documents_is_named() -> None:
    """What is no artifact cannot be compared; the places lead into the request."""
    before, after = edited(example(), ("version",)), edited(example(), ("entities",), [])
    answer = compare(before, after)
    assert (answer.status, answer.body["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert [(d["field"], d["code"]) for d in answer.body["error"]["details"]] == [
        ("/before/document", "required"),
        ("/after/document/entities", "minItems"),
    ]


def test_a_missing_document_is_named() -> None:
    """Each side has to be there."""
    body = json.dumps({"before": {"document": example()}, "after": {}}).encode()
    answer = ask("POST", "/v1/diff", body)
    assert answer.status == 400
    assert [d["field"] for d in answer.body["error"]["details"]] == ["/after/document"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"before": 1}', b'{"before": {}, "before": {}}', b'{"x": NaN}']
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    """A body of another form is a 400 in the one error shape."""
    answer = ask("POST", "/v1/diff", body)
    assert answer.status == 400
    assert answer.body["success"] is False


def test_the_codes_are_listed() -> None:
    """Every code has a kind, a title and a page."""
    rules = ask("GET", "/v1/diff/rules").body["data"]
    assert [rule["code"] for rule in rules] == sorted(rule["code"] for rule in rules)
    assert {rule["kind"] for rule in rules} == {"breaking", "additive", "documentation"}


def test_large_designs_are_compared_with_a_bounded_answer() -> None:
    """Thousands of fields that all changed, and a payload of a megabyte, give a small answer."""
    fields = [f"f{number} text unique" for number in range(5_000)]
    payload = {f"key{number}": "x" * 100 for number in range(5_000)}
    apis = example()["apis"]
    before = edited(example(), ("entities", 0, "fields"), fields)
    before["apis"]["internal"][0]["payload_examples"] = {"POST": payload}
    after = edited(before, ("entities", 0, "fields"), [f"g{f}" for f in fields[::-1]])
    after["apis"] = apis
    answer = compare(before, after, max_changes=10_000)
    assert answer.status == 200
    counts = answer.body["data"]["counts"]
    assert counts["breaking"] + counts["additive"] > 10_000
    changes = answer.body["data"]["changes"]
    assert all(len(json.dumps(change)) < 3_000 for change in changes)
