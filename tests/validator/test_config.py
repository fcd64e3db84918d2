"""A configuration decides what is looked for, and what it weighs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from tests.support.designs import artifacts, edited, example
from tests.support.validator import ask, verdict

from quaestor_shared.contracts.configuration import Configuration, Level
from quaestor_validator.domain.audit import Subject, audit
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.config import plan_of

QUEUE, UNKNOWN = "processes/async-without-queue", "references/unknown-entity"
OFF = {"rules": {"*": "off"}}
LATER = {"reason": "theirs", "expires": "2999-12-31"}


def levels(config: Any = None, **more: Any) -> dict[str, str]:
    """Give the severity of what is found in the source's example, of the two codes looked at."""
    report = verdict(example(), config=config, **more)
    return {f["code"]: f["severity"] for f in report["findings"] if _is_watched(f["code"])}


def _is_watched(code: str) -> bool:
    return code in (QUEUE, UNKNOWN) or code.startswith("config/")


def codes(config: Any = None, **more: Any) -> list[str]:
    """Give the codes that are found in the source's example."""
    return sorted(levels(config, **more))


def day(number: int) -> str:
    """Give the day that is a number of days from now."""
    return (datetime.now(UTC) + timedelta(days=number)).date().isoformat()


def test_the_default_is_recommended() -> None:
    """No configuration and that preset are the same."""
    assert levels() == levels({"extends": "recommended"}) == {QUEUE: "warn", UNKNOWN: "warn"}


def test_presets_go_from_the_least_to_the_most() -> None:
    """Minimal has errors alone; strict weighs each a severity more."""
    assert levels({"extends": "minimal"}) == {}
    assert levels({"extends": "strict"}) == {QUEUE: "error", UNKNOWN: "error"}


@pytest.mark.parametrize("level", Level)
def test_a_rule_has_the_level_that_is_set(level: Level) -> None:
    """By code, in the short form and in the long one; others stay as they were."""
    expected = {UNKNOWN: "warn"} | ({} if level is Level.OFF else {QUEUE: level.value})
    assert levels({"rules": {QUEUE: level}}) == expected
    assert levels({"rules": {QUEUE: {"severity": level}}}) == expected


def test_a_code_goes_over_its_family_and_a_family_over_all() -> None:
    """Whatever the order they are written in."""
    assert levels({"rules": {QUEUE: "info", "processes/*": "error", "*": "off"}}) == {QUEUE: "info"}
    assert levels({"rules": {"processes/*": "error", "*": "off"}}) == {QUEUE: "error"}


def test_what_is_extended_comes_before_what_is_said() -> None:
    """Presets and whole configurations, the later over the earlier."""
    base = {"rules": {QUEUE: "info", UNKNOWN: "info"}}
    assert levels({"extends": ["minimal", base]}) == {QUEUE: "info", UNKNOWN: "info"}
    assert levels({"extends": [base, "minimal"]}) == {}
    assert levels({"extends": [base], "rules": {QUEUE: "error"}}) == {
        QUEUE: "error",
        UNKNOWN: "info",
    }


@given(artifacts())
def test_everything_off_finds_nothing(artifact: Any) -> None:
    """Without rules there are no findings, whatever the design."""
    instance = msgspec.json.decode(msgspec.json.encode(artifact))
    config = msgspec.convert(OFF, Configuration)
    subject = Subject(instance, narrative="# Nothing")
    assert (
        audit(subject, plan_of(config, None, subject.feature), datetime.now(UTC).date()).findings
        == []
    )


def test_the_schema_cannot_be_switched_off() -> None:
    """What the schema says stays an error, and naming it is told of."""
    instance = edited(example(), ("version",))
    report = verdict(
        instance,
        config={"rules": {"*": "off", "config/unknown-rule": "warn", "schema/required": "off"}},
    )
    assert [f["code"] for f in report["findings"]] == ["schema/required", "config/unknown-rule"]
    assert report["valid"] is False


class TestOverrides:
    """Other levels for some places or features."""

    @pytest.mark.parametrize(
        "pointer",
        [
            "/entities/0/relationships/0",
            "/entities/0",
            "/entities/*/relationships",
            "/entities/UserProfile",
            "/entities/User*/relation*",
            "/**/relationships",
            "",
        ],
    )
    def test_a_place_is_meant_with_everything_below(self, pointer: str) -> None:
        """By index, name, or pattern."""
        override = {"pointers": [pointer], "rules": {UNKNOWN: "error"}}
        assert levels({"overrides": [override]})[UNKNOWN] == "error"

    @pytest.mark.parametrize("pointer", ["/entities/1", "/apis", "/entities/*/fields"])
    def test_another_place_is_not_meant(self, pointer: str) -> None:
        """Its own level stays."""
        override = {"pointers": [pointer], "rules": {UNKNOWN: "error"}}
        document = edited(
            example(),
            ("entities",),
            [
                *example()["entities"],
                {"name": "Other", "fields": [], "relationships": [], "expected_growth": "slow"},
            ],
        )
        report = verdict(document, config={"overrides": [override]})
        assert {f["severity"] for f in report["findings"] if f["code"] == UNKNOWN} == {"warn"}

    @pytest.mark.parametrize(("feature", "level"), [("meal-*", "error"), ("other-*", "warn")])
    def test_a_feature_is_meant_by_its_id(self, feature: str, level: str) -> None:
        """`*` is any part of it."""
        override = {"features": [feature], "rules": {UNKNOWN: "error"}}
        assert levels({"overrides": [override]})[UNKNOWN] == level

    def test_a_rule_that_is_off_can_be_on_at_a_place(self) -> None:
        """And the other way round."""
        on = {
            "rules": {"*": "off"},
            "overrides": [{"pointers": ["/entities"], "rules": {UNKNOWN: "info"}}],
        }
        assert levels(on) == {UNKNOWN: "info"}
        off = {"overrides": [{"pointers": ["/entities"], "rules": {"*": "off"}}]}
        assert levels(off) == {QUEUE: "warn"}

    def test_a_pointer_that_means_nothing_is_told_at_its_place(self) -> None:
        """The finding is in the configuration."""
        config = {"overrides": [{"pointers": ["/entities", "/nobody/**"], "rules": {"*": "off"}}]}
        report = verdict(example(), config=config)
        (found,) = [f for f in report["findings"] if f["code"].startswith("config/")]
        assert (found["source"], found["pointer"]) == ("config", "/overrides/0/pointers/1")
        assert found["line"] == 1


class TestSuppressions:
    """A finding that is accepted."""

    @pytest.mark.parametrize("rule", [UNKNOWN, "references/*"])
    @pytest.mark.parametrize("pointer", ["", "/entities/UserProfile"])
    @pytest.mark.parametrize("where", ["config", "sidecar"])
    def test_what_is_suppressed_is_counted_and_not_shown(
        self, rule: str, pointer: str, where: str
    ) -> None:
        """In the request or in the sidecar, by code or family, at a place or anywhere."""
        given_ = {"suppressions": [{"rule": rule, "pointer": pointer, **LATER}]}
        report = verdict(example(), **{where: given_})
        assert [f["code"] for f in report["findings"] if _is_watched(f["code"])] == [QUEUE]
        assert report["counts"]["suppressed"] >= 1

    def test_it_holds_to_the_end_of_its_day(self) -> None:
        """The day after, the finding is back, and the suppression is told of."""
        suppression = {"rule": UNKNOWN, "reason": "until then"}
        assert codes({"suppressions": [{**suppression, "expires": day(1)}]}) == [QUEUE]
        assert codes({"suppressions": [{**suppression, "expires": day(-2)}]}) == [
            "config/expired-suppression",
            QUEUE,
            UNKNOWN,
        ]

    def test_one_that_has_nothing_to_suppress_is_told_of(self) -> None:
        """Unless its rule was not looked for."""
        sidecar = {
            "suppressions": [
                {"rule": "narrative/*", "reason": "r"},
                {"rule": "storage/duplicate", "reason": "r"},
            ]
        }
        report = verdict(example(), sidecar=sidecar)
        notices = [
            (f["pointer"], f["source"])
            for f in report["findings"]
            if f["code"].startswith("config/")
        ]
        assert notices == [("/suppressions/1", "sidecar")]
        unread = verdict(edited(example(), ("version",)), sidecar=sidecar)
        assert [f["code"] for f in unread["findings"]] == ["schema/required"]

    def test_a_fault_of_the_schema_can_be_suppressed(self) -> None:
        """The document is then as valid as it can be; the rules still wait."""
        sidecar = {"suppressions": [{"rule": "schema/required", **LATER}]}
        report = verdict(edited(example(), ("version",)), sidecar=sidecar)
        assert (report["valid"], report["findings"]) == (True, [])

    def test_a_reason_is_needed(self) -> None:
        """A suppression that does not say why is refused."""
        body = {
            "instance": {},
            "sidecar": {
                "suppressions": [
                    {"rule": "*", "reason": ""},
                    {"rule": "*"},
                    {"rule": "*", "reason": " \t\n"},
                ]
            },
        }
        answer = ask("POST", "/v1/validate", json.dumps(body).encode())
        assert answer.status == 400
        assert [d["field"] for d in answer.body["error"]["details"]] == [
            "/sidecar/suppressions/0/reason",
            "/sidecar/suppressions/1",
            "/sidecar/suppressions/2/reason",
        ]

    def test_one_without_a_last_day_is_told_of(self) -> None:
        """It suppresses all the same; the warning goes by its name alone."""
        endless = {"rule": UNKNOWN, "reason": "theirs"}
        config: dict[str, Any] = {"suppressions": [endless]}
        assert codes(config) == ["config/endless-suppression", QUEUE]
        named = {"config/endless-suppression": "off"}
        assert codes({**config, "rules": named}) == [QUEUE]

    def test_all_rules_off_leaves_what_is_in_vain(self) -> None:
        """Only by name is a warning about the configuration switched off."""
        vain: dict[str, Any] = {"suppressions": [{"rule": "storage/duplicate", **LATER}]}
        code = "config/unmatched-suppression"
        assert codes({**vain, "rules": {"*": "off"}}) == [code]
        assert codes({**vain, "rules": {"*": "off", "config/*": "off"}}) == []
        assert codes({**vain, "rules": {"*": "off", code: "off"}}) == []


class TestBaseline:
    """Findings that were there before."""

    def test_what_is_known_is_marked_and_does_not_count(self) -> None:
        """The verdict is about what is new."""
        strict: dict[str, Any] = {"extends": "strict"}
        first = verdict(example(), config=strict)
        baseline = [f["fingerprint"] for f in first["findings"]]
        second = verdict(example(), config={**strict, "baseline": baseline})
        assert (first["valid"], second["valid"]) == (False, True)
        assert all(f["known"] for f in second["findings"])
        assert second["counts"]["known"] == len(baseline) == sum(first["counts"].values())
        assert second["counts"]["error"] == 0

    def test_a_new_finding_counts(self) -> None:
        """It comes first."""
        baseline = [f["fingerprint"] for f in verdict(example())["findings"]]
        report = verdict(
            edited(example(), ("scaling", "strategy"), "unknown"), sidecar={"baseline": baseline}
        )
        known = [f.get("known", False) for f in report["findings"]]
        assert known == sorted(known)
        assert [f["pointer"] for f in report["findings"] if not f.get("known")] == [
            "/scaling/strategy"
        ]


@pytest.mark.parametrize(("fail_on", "valid"), [("error", True), ("warn", False), ("info", False)])
def test_fail_on_says_what_makes_a_document_invalid(fail_on: str, *, valid: bool) -> None:
    """That severity, and those above."""
    assert verdict(example(), config={"fail_on": fail_on})["valid"] is valid


def test_a_misspelt_rule_is_told_with_the_one_that_was_meant() -> None:
    """At its key, in the body that was sent."""
    body = json.dumps(
        {"instance": example(), "config": {"rules": {"storage/duplicates": "off"}}}, indent=1
    )
    report = ask("POST", "/v1/validate", body.encode()).body["data"]
    (found,) = [f for f in report["findings"] if f["code"] == "config/unknown-rule"]
    assert (found["pointer"], found["did_you_mean"]) == (
        "/rules/storage~1duplicates",
        "storage/duplicate",
    )
    line = body.split("\n")[found["line"] - 1]
    assert line[found["column"] - 1 : found["end_column"] - 1] == '"storage/duplicates"'


def test_every_fault_of_a_configuration_is_named() -> None:
    """Options that no rule has, of the wrong type, or where none can be."""
    config = {
        "extends": ["minimal", {"rules": {"*": {"options": {"a": 1}}}}],
        "rules": {QUEUE: {"options": {"nope": 1}}},
        "overrides": [{"pointers": ["/entities"], "rules": {QUEUE: {"options": {"nope": 1}}}}],
    }
    answer = ask("POST", "/v1/validate", json.dumps({"instance": {}, "config": config}).encode())
    assert (answer.status, answer.body["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert [d["field"] for d in answer.body["error"]["details"]] == [
        "/config/extends/1/rules/*/options",
        "/config/rules/processes~1async-without-queue/options/nope",
        "/config/overrides/0/rules/processes~1async-without-queue/options",
    ]


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"extends": "lenient"}, "/config/extends"),
        ({"rules": {"A": "off"}}, "/config/rules/A"),
        ({"rules": {QUEUE: "fatal"}}, f"/config/rules/{QUEUE.replace('/', '~1')}"),
        (
            {"overrides": [{"pointers": ["entities"], "rules": {}}]},
            "/config/overrides/0/pointers/0",
        ),
        ({"fail_on": "off"}, "/config/fail_on"),
        ({"baseline": ["x"]}, "/config/baseline/0"),
        ({"rule": {}}, "/config/rule"),
    ],
)
def test_what_is_no_configuration_is_refused_at_its_place(config: Any, field: str) -> None:
    """400, and the place in the body."""
    answer = ask("POST", "/v1/validate", json.dumps({"instance": {}, "config": config}).encode())
    assert answer.status == 400
    assert [d["field"] for d in answer.body["error"]["details"]] == [field]


def test_patterns_that_are_compared_one_by_one_are_bounded() -> None:
    """Whole steps, `*` and `**` cost nothing, however many there are; `a*` is taken fifty times."""
    reason = {"rule": "*", "reason": "r"}

    def status(pattern: str, number: int) -> int:
        some = [{**reason, "pointer": pattern.format(i)} for i in range(number)]
        body = {"instance": {}, "sidecar": {"suppressions": some}}
        return ask("POST", "/v1/validate", json.dumps(body).encode()).status

    assert [status("/**/{}/*", 1_000), status("/a{}*", 50), status("/a{}*", 51)] == [200, 200, 400]


def test_rules_and_presets_are_listed() -> None:
    """Each rule with its options and its level in each preset."""
    rules = ask("GET", "/v1/rules").body["data"]
    presets = ask("GET", "/v1/presets").body["data"]
    assert [rule["code"] for rule in rules] == list(CATALOGUE)
    assert [preset["name"] for preset in presets] == ["minimal", "recommended", "strict"]
    for rule in rules:
        assert rule["presets"] == {p["name"]: p["rules"][rule["code"]] for p in presets}
        assert all("default" in option for option in rule["options"].values())
