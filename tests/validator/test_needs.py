"""A rule that is passed over finds nothing, and a quick look sees what a slow one does."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.designs import ROOT, artifacts, edited, example, leaves

from quaestor_shared.contracts.artifact import Artifact, Entity
from quaestor_validator.domain.audit import breaches
from quaestor_validator.domain.config import plan_of
from quaestor_validator.domain.rules import RULES
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.rules.examples import Examples
from quaestor_validator.domain.rules.fields import Fields
from quaestor_validator.domain.secrets import SHORTEST

PLAN = plan_of(None, None, "")
_SHOWN = re.compile(r"^## (?:Bad|Good)\n\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown() -> list[dict[str, Any]]:
    """Give every example of every rule's page: the members of a design that it is about."""
    pages = [ROOT / f"docs/rules/{rule.code.replace('/', '-')}.md" for rule in RULES]
    texts = [text for page in pages for text in _SHOWN.findall(page.read_text("utf-8"))]
    return [msgspec.json.decode(text) for text in texts]


SHOWN = shown()


def texts_in(node: Any) -> list[str]:
    """Give every text in a JSON value."""
    if isinstance(node, str):
        return [node]
    items = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for item in items for text in texts_in(item)]


TEXTS = st.sampled_from(sorted(set(texts_in(SHOWN)))) | st.sampled_from(
    ["", " ", "unknown", "TBD", "email text", "planID", "\tid uuid", "id\nuuid", "cvv_", "x-email"]
)


def passed_over_in_vain(artifact: Artifact) -> list[str]:
    """Give the rules that are passed over, and would have found something."""
    design = Design(artifact)
    return [
        rule.code
        for rule in RULES
        if not rule.needs(design) and list(rule.check(design, rule.options))
    ]


def all_found(artifact: Artifact) -> list[Any]:
    """Apply every rule, each to a design that no other has looked at."""
    return [
        (rule.code, issue) for rule in RULES for issue in rule.check(Design(artifact), rule.options)
    ]


def same(artifact: Artifact) -> None:
    """Check that no rule is missed for being passed over."""
    assert passed_over_in_vain(artifact) == []
    found = [(found.code, found.issue) for found in breaches(artifact, PLAN)]
    assert found == all_found(artifact)


@given(artifacts())
def test_any_artifact_is_looked_at_alike(artifact: Artifact) -> None:
    """Whatever stands in it."""
    same(artifact)


@settings(max_examples=300)
@given(members=st.lists(st.sampled_from(SHOWN), max_size=3), data=st.data())
def test_what_breaks_rules_is_looked_at_alike(members: list[Any], data: st.DataObject) -> None:
    """Examples of pages, put together, with other texts in some places."""
    document = example()
    for each in members:
        document |= each
    for _ in range(data.draw(st.integers(0, 4))):
        paths = [p for p in leaves(document) if p[0] not in ("feature_id", "created_at")]
        path = data.draw(st.sampled_from(paths))
        if path[-1] not in ("type", "kind", "auth_method") and "methods" not in path:
            document = edited(document, path, data.draw(TEXTS))
    same(msgspec.convert(document, Artifact))


@pytest.mark.parametrize("document", SHOWN, ids=range(len(SHOWN)))
def test_each_example_is_looked_at_alike(document: Any) -> None:
    """What a page shows, in the example of the source."""
    same(msgspec.convert(example() | document, Artifact))


_FIELDS = st.lists(
    st.text(st.sampled_from("ab_ \t\n\u00a0A-ßİ"), max_size=6)
    | st.sampled_from(["id uuid", "id", "ID  blob", "email text", "user_id uuid ", " a b"]),
    max_size=5,
)


@given(st.lists(_FIELDS, min_size=1, max_size=3))
def test_fields_are_read_alike(fields: list[list[str]]) -> None:
    """At once, as one by one: the name is the first word."""
    entities = [
        Entity(name="A", fields=tuple(some), relationships=(), expected_growth="")
        for some in fields
    ]
    read = Fields(entities)
    names = [[(field.split() or [""])[0] for field in some] for some in fields]
    assert read.names == names
    assert read.folds == [[name.casefold() for name in some] for some in names]
    assert read.distinct == {name for some in names for name in some}
    assert {text.rstrip() for text in read.types} == {
        field.strip().partition(" ")[2] for some in fields for field in some
    }
    assert read.without_id == [i for i, some in enumerate(names) if "id" not in some]
    twins = any(len(set(some)) != len(some) for some in read.folds)
    assert read.may_have_twins or not twins


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab", max_size=14),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("cd"), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(["GET", "POST"]), _JSON), max_size=3))
def test_examples_are_looked_through(payloads: list[Any]) -> None:
    """Every name, and the longest text, at any depth."""

    def names(node: Any) -> set[str]:
        items = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        own = set(node) if isinstance(node, dict) else set()
        return own.union(*map(names, items))

    read = Examples(payloads)
    values = [value for each in payloads for value in each.values()]
    assert read.keys == {key for each in payloads for key in each}
    assert read.names == set().union(*map(names, values))
    longest = max(map(len, texts_in(values)), default=0)
    assert read.may_have_secrets == (longest >= SHORTEST)
