"""Safe fixes are applied, and nothing else is changed."""

import asyncio
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonpatch import apply_patch
from tests.support.designs import ROOT, artifacts, at, edited, example, leaves
from tests.support.validator import ask, findings, validation

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.contracts.fixes import FixReport
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.rewriting import rewritten
from quaestor_validator.service.fixes import FixService

RAW = "/v1/fix?schema=backend"
_SOURCE = (ROOT / "examples/meal-planner/source-example.json").read_text("utf-8")


def fixed(instance: Any, **more: Any) -> Any:
    """Fix an instance, and give the report."""
    answer = ask("POST", "/v1/fix", json.dumps({"instance": instance, **more}).encode())
    assert answer.status == 200, answer.body
    return answer.body["data"]


def fix(instance: Any) -> FixReport:
    """Fix an instance without any HTTP, for tests that ask a thousand times."""
    options = ValidateRequest(instance=None, schema="backend", max_findings=1_000)
    body = msgspec.json.encode(instance)
    return asyncio.run(FixService(validation()).fix(body, options))


def codes(report: Any) -> list[str]:
    """Give the codes of a report, sorted."""
    return sorted(finding.code for finding in report.findings)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Give a design in which a few names and values are written in another way."""
    document = draw(
        st.just(example()) | artifacts().map(lambda a: msgspec.json.decode(msgspec.json.encode(a)))
    )
    for _ in range(draw(st.integers(1, 4))):
        paths = [path for path in leaves(document) if path]
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        parent, step = at(document, path[:-1]), path[-1]
        how = draw(st.sampled_from(["value", "name", "retype"]))
        if how == "name" and isinstance(step, str):
            parent[draw(st.sampled_from([step.upper(), step.replace("_", "-"), f" {step}"]))] = (
                parent.pop(step)
            )
        elif how == "retype":
            parent[step] = draw(st.sampled_from([1, True, None, "12", "true"]))
        elif isinstance(parent[step], str):
            parent[step] = draw(
                st.sampled_from([parent[step].upper(), parent[step].replace("_", " ")])
            )
    return document


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_safe_fixes_never_add_a_finding(document: Any) -> None:
    """Of each code there are as many as before or fewer; what waited for the schema was there."""
    options = ValidateRequest(instance=None, schema="backend", max_findings=1_000)
    body = msgspec.json.encode(document)
    before = codes(asyncio.run(validation().validate(body, options)))
    after = codes(fix(document).report)
    of_schema = [code for code in before if code.startswith("schema/")]
    if of_schema:
        assert len([code for code in after if code.startswith("schema/")]) <= len(of_schema)
    else:
        assert all(after.count(code) <= before.count(code) for code in after)


@settings(max_examples=50, deadline=None)
@given(damaged())
def test_what_was_applied_leads_from_the_one_to_the_other(document: Any) -> None:
    """The patches, one after the other, make the fixed document; a second time there are none."""
    report = fix(document)
    patches = [msgspec.to_builtins(each.patch) for each in report.applied]
    replayed = document
    for patch in patches:
        replayed = apply_patch(replayed, patch)
    assert replayed == report.document == json.loads(report.text)
    assert report.complete
    assert fix(report.document).applied == ()


class TestOneFix:
    """What is safe, and what is not."""

    @pytest.mark.parametrize(
        ("path", "value", "wanted"),
        [
            (("processes", 0, "type"), "Async", "async"),
            (("apis", "internal", 0, "methods", 0), "get", "GET"),
            (("apis", "external", 0, "auth_method"), "API-Key", "api_key"),
        ],
    )
    def test_a_choice_in_another_case_is_written_as_it_is_taken(
        self, path: Any, value: str, wanted: str
    ) -> None:
        """Where one choice alone differs in case and separators."""
        report = fixed(edited(example(), path, value))
        assert at(report["document"], path) == wanted
        assert report["applied"][0]["code"] == "schema/enum"

    def test_a_misspelt_property_that_is_missing_is_moved(self) -> None:
        """`Expected-Growth` is `expected_growth`; its value goes along."""
        document = example()
        document["entities"][0]["Expected-Growth"] = document["entities"][0].pop("expected_growth")
        assert fixed(document)["document"] == example() | {
            "entities": fixed(example())["document"]["entities"]
        }

    @pytest.mark.parametrize("value", ["asink", "hourly", 3])
    def test_what_is_only_near_is_left_to_a_person(self, value: Any) -> None:
        """A guess is a suggestion, never applied."""
        document = edited(example(), ("processes", 0, "type"), value)
        assert fixed(document)["document"] == document

    def test_two_that_may_be_meant_are_left_alone(self) -> None:
        """Neither of two names for one property is safe."""
        document = edited(example(), ("scaling", "NOTES"), "a")
        document["scaling"].pop("notes", None)
        document["scaling"]["no_tes"] = "b"
        assert fixed(document)["applied"] == []

    @pytest.mark.parametrize(
        "more",
        [
            {"sidecar": {"suppressions": [{"rule": "schema/enum", "reason": "as it is"}]}},
            {
                "config": {
                    "suppressions": [{"rule": "schema/*", "pointer": "/processes", "reason": "r"}]
                }
            },
        ],
    )
    def test_what_is_suppressed_is_not_fixed(self, more: Any) -> None:
        """It was decided to leave it."""
        document = edited(example(), ("processes", 0, "type"), "Async")
        assert fixed(document, **more)["document"] == document


class TestText:
    """The text comes back as it would have been written by the same hand."""

    @pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
    @pytest.mark.parametrize("end", ["", "\n"])
    def test_order_indentation_and_the_last_line_end_are_kept(self, indent: Any, end: str) -> None:
        """Only what was fixed differs."""
        good = json.dumps(fixed(example())["document"], indent=indent) + end
        bad = good.replace('"type": "async"', '"type": "Async"')
        assert bad != good
        answer = ask("POST", f"{RAW}&reply=document", bad.encode())
        assert answer.text == good
        assert answer.headers["content-type"].startswith("application/json")

    def test_the_rest_of_a_text_stays_as_it_was_written(self) -> None:
        """Odd spaces, lists in one line, escapes and numbers included."""
        same = _SOURCE.replace("US-only", "\\u0055S-only")
        text = same.replace('"type": "async"', '"TYPE" :  "async"').replace('"sql"', '"S\\u0051L"')
        wanted = same.replace('"type": "async"', '"type" :  "async"')
        assert text != wanted
        assert ask("POST", f"{RAW}&reply=document", text.encode()).text == wanted

    def test_a_text_with_nothing_to_fix_comes_back_as_it_is(self) -> None:
        """Byte for byte, odd spaces included."""
        text = '{ "a":1.50,\r\n\t"b" : [ ] }'
        assert ask("POST", f"{RAW}&reply=document", text.encode()).text == text

    def test_a_text_with_names_twice_is_not_written_again(self) -> None:
        """That would drop one of them unasked."""
        text = (
            json.dumps(edited(example(), ("processes", 0, "type"), "Async"))[:-1]
            + ', "version": "1.0.0"}'
        )
        report = ask("POST", RAW, text.encode()).body["data"]
        assert (report["text"], report["applied"]) == (text, [])
        assert "json/duplicate-key" in [f["code"] for f in report["report"]["findings"]]

    def test_the_places_of_what_is_left_are_in_the_text_that_comes_back(self) -> None:
        """Also for an instance that came in a request."""
        document = {**edited(example(), ("processes", 0, "type"), "Async"), "nobody": 1}
        body = json.dumps({"schema": "backend", "instance": document}, indent=1)
        report = ask("POST", "/v1/fix", body.encode()).body["data"]
        (found,) = report["report"]["findings"]
        line = report["text"].split("\n")[found["line"] - 1]
        assert line[found["column"] - 1 : found["end_column"] - 1] == '"nobody"'


def test_a_users_schema_has_fixes_too() -> None:
    """Numbers in quotes, misspelt names and choices, in an inline schema with references."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/order",
        "$defs": {
            "order": {
                "properties": {
                    "item_count": {"type": "integer", "minimum": 1},
                    "state": {"enum": ["open", "paid"]},
                },
                "additionalProperties": False,
            }
        },
    }
    report = fixed({"Item-Count": 2, "state": "PAID"}, schema=schema)
    assert report["document"] == {"state": "paid", "item_count": 2}
    assert fixed({"item_count": "2"}, schema=schema)["document"] == {"item_count": 2}
    assert fixed({"item_count": "0"}, schema=schema)["applied"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b'{"instance": 1, "schema": "backend@9"}', 404), (b'{"schema": 1}', 400)],
)
def test_what_cannot_be_checked_cannot_be_fixed(body: bytes, status: int) -> None:
    """The same errors as of a validation."""
    assert ask("POST", "/v1/fix", body).status == status


def test_fixed_is_clean_of_what_was_fixed() -> None:
    """What comes back can be validated with the same result."""
    report = fixed(edited(example(), ("processes", 0, "type"), "Async"))
    assert findings(report["document"]) == [
        (f["code"], f.get("pointer", "")) for f in report["report"]["findings"]
    ]


@given(st.data(), st.sampled_from([None, 1, "\t"]))
def test_what_is_taken_out_of_a_text_leaves_the_rest(data: st.DataObject, indent: Any) -> None:
    """The text without a member or an item is the document without it, spaces and all."""
    items = st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
    lists = st.lists(items, min_size=1, max_size=4)
    objects = st.dictionaries(st.text(max_size=3), items, min_size=1, max_size=4)
    document: Any = data.draw(lists | objects)
    steps: list[Any] = list(document) if isinstance(document, dict) else list(range(len(document)))
    operation = PatchOperation(op="remove", path=pointer([data.draw(st.sampled_from(steps))]))
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    without = rewritten(text, [operation])
    expected = apply_patch(document, msgspec.to_builtins([operation]))
    assert json.loads(without) == expected
    if expected:
        assert without == json.dumps(expected, indent=indent, ensure_ascii=False)
