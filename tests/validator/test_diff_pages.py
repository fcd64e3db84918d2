"""The page of each code of a change: it is there, and what it shows is true."""

import re

import msgspec
import pytest
from tests.support.designs import ROOT, example_artifact

from quaestor_shared.contracts.diffs import Change, ChangeKind, ChangeRuleView
from quaestor_validator.domain.diff import DIFF_RULES
from quaestor_validator.domain.diff.artifacts import artifact_changes

PAGES = ROOT / "docs/rules"
_JSON = re.compile(r"^## (Before|After)\n\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
_WITHOUT = {"diff/level-changed", "diff/limit-changed"}


def shown(rule: ChangeRuleView) -> Change:
    """Give the change of a rule's code that its page shows."""
    page = (ROOT / rule.url).read_text("utf-8")
    examples = {kind: msgspec.json.decode(text.encode()) for kind, text in _JSON.findall(page)}
    before, after = (example_artifact(**examples[kind]) for kind in ("Before", "After"))
    changes = artifact_changes(before, after)
    return next(change for change in changes if change.code == rule.code)


def test_every_code_has_its_page_and_every_page_its_code() -> None:
    """There is one page for each code, and the index lists all with their kinds."""
    pages = {page.name for page in PAGES.glob("diff-*.md")}
    assert pages == {rule.url.rpartition("/")[2] for rule in DIFF_RULES}
    rows = [f"| [{r.code}]({r.url[11:]}) | {r.kind.value} | {r.title} |" for r in DIFF_RULES]
    assert "\n".join(rows) in (PAGES / "README.md").read_text("utf-8")


@pytest.mark.parametrize("rule", DIFF_RULES, ids=lambda rule: rule.code)
def test_a_page_has_its_parts(rule: ChangeRuleView) -> None:
    """Each page has code, title, kind and the same headings."""
    page = (ROOT / rule.url).read_text("utf-8")
    assert page.startswith(f"# {rule.code}\n\n**{rule.title}.** Kind: {rule.kind.value}.\n")
    parts = ["What it tells", "Why it matters", "Before", "After", "Witness", "What to do"]
    if rule.kind is not ChangeKind.BREAKING:
        parts.remove("Witness")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == parts


@pytest.mark.parametrize("rule", DIFF_RULES, ids=lambda rule: rule.code)
def test_the_example_of_a_page_is_found(rule: ChangeRuleView) -> None:
    """What stands before and after gives the code, of the kind and with the witness it names."""
    change = shown(rule)
    assert (change.kind, change.rule_url) == (rule.kind, rule.url)
    page = " ".join((ROOT / rule.url).read_text("utf-8").split()).casefold()
    if rule.kind is not ChangeKind.BREAKING or rule.code in _WITHOUT:
        assert change.witness is None
        return
    assert change.witness is not None
    told = change.witness
    line = f"{told.text}. Before: {told.before}. After: {told.after}."
    assert " ".join(line.split()).casefold() in page
