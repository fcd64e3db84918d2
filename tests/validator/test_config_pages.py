"""What the pages of the configuration's own rules show is true."""

import json
import re
from typing import Any

import pytest
from tests.support.designs import ROOT, example
from tests.support.validator import ask, verdict

from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.config_rules import CONFIG_RULES

PAGES = ROOT / "docs/rules"
_JSON = re.compile(r"^## (Bad|Good)\n\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PARTS = ["What it checks", "Why it matters", "Bad", "Good", "How to fix"]


def page(code: str) -> str:
    """Read a page."""
    return (PAGES / f"{code.replace('/', '-')}.md").read_text("utf-8")


def examples(code: str) -> dict[str, str]:
    """Give the bad and the good example of a page."""
    return dict(_JSON.findall(page(code)))


@pytest.mark.parametrize("rule", CONFIG_RULES, ids=lambda rule: rule.code)
def test_a_page_says_what_why_and_how(rule: Any) -> None:
    """Each page has the same parts, its rule's severity and title, and its row in the index."""
    text = page(rule.code)
    assert text.startswith(f"# {rule.code}\n\n**{rule.title}.** Severity: {rule.severity.value}.\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == _PARTS
    link = f"[{rule.code}]({rule.code.replace('/', '-')}.md)"
    assert f"| {link} | {rule.severity.value} | {rule.title} |" in page("README")


@pytest.mark.parametrize("code", [rule.code for rule in CONFIG_RULES])
def test_the_bad_example_of_a_page_is_found_and_the_good_one_is_not(code: str) -> None:
    """Each example is a configuration, tried on the example of the source document."""
    for kind, text in examples(code).items():
        codes = [f["code"] for f in verdict(example(), config=json.loads(text))["findings"]]
        assert (code in codes) is (kind == "Bad")


def test_the_page_of_duplicate_keys_is_true() -> None:
    """The bad example is found at the second name, and the good one is not found."""
    code = "json/duplicate-key"
    assert re.findall(r"^## (.*)$", page(code), re.MULTILINE) == _PARTS
    for kind, text in examples(code).items():
        answer = ask("POST", "/v1/validate?schema=backend", text.encode()).body["data"]
        found = [f["pointer"] for f in answer["findings"] if f["code"] == code]
        assert found == (["/scaling/strategy"] if kind == "Bad" else [])


def test_every_configurable_rule_has_its_page() -> None:
    """No code of the catalogue is without one."""
    for code in CATALOGUE:
        assert page(code).startswith(f"# {code}\n")
