"""A finding says where it is in the text that was sent, and is known again in the next one."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.designs import at, edited, example, leaves
from tests.support.validator import ask, judged, verdict

from quaestor_shared.pointers import pointer

RAW = "/v1/validate?schema=backend"


def report(body: str, target: str = RAW) -> Any:
    """Give the report on a body."""
    answer = ask("POST", target, body.encode())
    assert answer.status == 200, answer.body
    return answer.body["data"]


def text_at(body: str, finding: dict[str, Any]) -> str:
    """Give what stands at a finding's place."""
    lines = body.replace("\r\n", "\n").split("\n")[finding["line"] - 1 : finding["end_line"]]
    lines[-1] = lines[-1][: finding["end_column"] - 1]
    lines[0] = lines[0][finding["column"] - 1 :]
    return "\n".join(lines)


def marks(instance: Any) -> list[tuple[str, str]]:
    """Give code and fingerprint of the findings of an instance."""
    return sorted(
        (f["code"], f["fingerprint"]) for f in verdict(instance, max_findings=1_000)["findings"]
    )


class TestPlaces:
    """Line and column, of the raw document and of the instance in a request."""

    @pytest.mark.parametrize("wrapped", [False, True])
    @given(data=st.data())
    def test_a_wrong_value_is_found_where_it_stands(
        self, data: st.DataObject, *, wrapped: bool
    ) -> None:
        """Whatever the leaf, and however the text is laid out."""
        paths = [path for path in leaves(example()) if "payload_examples" not in path]
        path = data.draw(st.sampled_from(paths))
        value = data.draw(st.sampled_from([True, 4.5, None, ["é😀"], {"😀": [1]}]))
        instance = edited(example(), path, value)
        indent = data.draw(st.sampled_from([None, 0, 2]))
        body = json.dumps(instance, indent=indent, ensure_ascii=data.draw(st.booleans()))
        if wrapped:
            body = f'{{"schema": "backend",\n "instance" : {body}}}'
        if data.draw(st.booleans()):
            body = body.replace("\n", "\r\n")
        (found,) = judged(body, None if wrapped else "backend").findings
        assert found.pointer == pointer(path)
        assert json.loads(text_at(body, msgspec.to_builtins(found))) == value

    def test_a_missing_property_points_at_its_parent(self) -> None:
        """All of it."""
        body = json.dumps(edited(example(), ("scaling", "strategy")), indent=2)
        (found,) = report(body)["findings"]
        assert json.loads(text_at(body, found)) == at(json.loads(body), ("scaling",))

    def test_an_extra_property_points_at_its_key(self) -> None:
        """Not at its value."""
        body = json.dumps(edited(example(), ("scaling", "no\tte😀"), {"a": 1}), indent=2)
        (found,) = report(body)["findings"]
        assert json.loads(text_at(body, found)) == "no\tte😀"

    def test_findings_of_one_weight_are_in_the_order_of_the_text(self) -> None:
        """From top to bottom."""
        body = json.dumps({"version": 1, "feature_id": 2, "entities": 3}, indent=0)
        found = report(body)["findings"]
        assert [(f["line"], f["column"]) for f in found] == sorted(
            (f["line"], f["column"]) for f in found
        )

    def test_a_related_place_has_its_own_place(self) -> None:
        """The other end of what is broken."""
        body = '{"a": 1,\n "a": 2,\n "a": 3}'
        found = [f for f in report(body)["findings"] if f["code"] == "json/duplicate-key"]
        assert [(f["line"], f["column"], f["end_column"]) for f in found] == [(2, 2, 5), (3, 2, 5)]
        assert [(r["line"], r["column"]) for f in found for r in f["related"]] == [(1, 2), (1, 2)]

    def test_an_item_of_a_batch_has_its_place_in_the_whole_body(self) -> None:
        """And a line of a stream its number."""
        item = '{"instance": {"é": 1}, "schema": {"properties": {"é": {"type": "string"}}}}'
        body = '{"items": [\n' + ", ".join([item] * 2) + ",\n\n  " + item + "]}"
        answers = ask("POST", "/v1/validate/batch", body.encode()).body["data"]
        found = [finding for each in answers for finding in each["report"]["findings"]]
        assert [text_at(body, finding) for finding in found] == ["1", "1", "1"]
        assert [finding["line"] for finding in found] == [2, 2, 4]
        assert [finding["column"] for finding in found] == [20, 20 + len(item) + 2, 22]

    def test_a_name_twice_in_an_item_of_a_batch_is_a_finding_of_that_item(self) -> None:
        """Outside the instance it is an error: of the item, or of the whole."""
        good = '{"instance": {"a": 1, "a": 2}, "schema": true}'
        bad = '{"instance": {"a": 1}, "schema": true, "schema": true}'
        answers = ask("POST", "/v1/validate/batch", f'{{"items": [{good}, {bad}]}}'.encode()).body
        assert [f["code"] for f in answers["data"][0]["report"]["findings"]] == [
            "json/duplicate-key"
        ]
        assert answers["data"][1]["error"]["code"] == "MALFORMED_BODY"
        assert ask("POST", "/v1/validate/batch", b'{"items": [], "items": []}').status == 400


class TestDuplicateKeys:
    """A name that stands twice is a finding of the document, and a fault of the request."""

    def test_the_audit_goes_on_with_the_last_one(self) -> None:
        """A document that is right but for that has this one error."""
        body = (
            json.dumps(example())[:-1]
            + ', "scaling": {"strategy": 1}, "scaling": {"strategy": "x"}}'
        )
        found = report(body)["findings"]
        assert [f["code"] for f in found if f["severity"] == "error"] == ["json/duplicate-key"] * 2
        assert "references/unknown-entity" in [f["code"] for f in found]

    def test_the_instance_of_a_request_is_a_document(self) -> None:
        """Its pointer begins at the instance, its line in the body."""
        body = '{"schema": "backend",\n"instance": {"b": [{"c": 1, "\\u0063": 2}]}}'
        found = [
            f for f in report(body, "/v1/validate")["findings"] if f["code"].startswith("json/")
        ]
        assert [(f["pointer"], f["line"]) for f in found] == [("/b/0/c", 2)]
        assert text_at(body, found[0]) == '"\\u0063"'

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ('{"instance": {}, "instance": {}}', "/instance"),
            (
                '{"instance": {"a": 1, "a": 2}, "config": {"rules": {"a/b": "off", "a/b": "off"}}}',
                "/config/rules/a~1b",
            ),
        ],
    )
    def test_the_request_itself_has_no_name_twice(self, body: str, field: str) -> None:
        """400, with the place."""
        answer = ask("POST", "/v1/validate", body.encode())
        assert (answer.status, answer.body["error"]["code"]) == (400, "MALFORMED_BODY")
        assert [d["field"] for d in answer.body["error"]["details"]] == [field]


class TestFingerprints:
    """The same finding has the same fingerprint in the next version."""

    def broken(self) -> Any:
        """Give a design with findings of several kinds."""
        document = copy.deepcopy(example())
        for name in ("A", "B", "C"):
            document["entities"].append(
                {
                    "name": name,
                    "fields": ["id", "ID", "unknown"],
                    "relationships": ["Nobody", "Nobody"],
                    "expected_growth": "unknown",
                }
            )
        document["open_questions"] = ["unknown", "unknown"]
        return document

    def test_no_two_of_a_report_are_the_same(self) -> None:
        """Not even of findings that are alike in everything but their place."""
        found = marks(self.broken())
        assert len({mark for _, mark in found}) == len(found) > 10
        assert all(len(mark) == 20 for _, mark in found)

    def test_items_may_move_and_others_may_come(self) -> None:
        """Positions in lists have no part in it."""
        before = self.broken()
        after = self.broken()
        after["entities"] = [
            {**before["entities"][0], "name": "New", "relationships": []},
            *after["entities"][::-1],
        ]
        after["assumptions"] = ["more", *after["assumptions"]]
        after["scaling"]["notes"] = "changed"
        assert set(marks(before)) <= set(marks(after))

    def test_another_value_is_another_finding(self) -> None:
        """Mending it wrongly is new."""
        one = edited(example(), ("processes", 0, "type"), "asink")
        two = edited(example(), ("processes", 0, "type"), "batsh")
        assert not set(marks(one)) & set(marks(two))

    def test_each_missing_property_is_known_by_its_name(self) -> None:
        """When one of two is mended the other keeps its fingerprint."""
        both = edited(edited(example(), ("version",)), ("scaling",))
        assert set(marks(edited(example(), ("scaling",)))) < set(marks(both))
