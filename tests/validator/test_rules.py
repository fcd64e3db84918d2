"""Each rule finds what it is for, nothing else, and has its page."""

import json
import re
from collections import Counter
from typing import Any

import jsonpatch
import msgspec
import pytest
from hypothesis import given
from tests.support.designs import ROOT, artifacts, edited, example, example_artifact
from tests.support.rules import rule_findings

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_validator.domain.catalogue import CATALOGUE
from quaestor_validator.domain.pages import page_of
from quaestor_validator.domain.rules import RULES

PAGES = ROOT / "docs/rules"
CODES = [rule.code for rule in RULES]
VIEWS = {code: entry for code, entry in CATALOGUE.items() if not code.startswith("config/")}
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_JSON = re.compile(r"^## (Bad|Good)\n\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


def found(code: str, **changes: Any) -> list[tuple[str, str, str | None]]:
    """Give pointer, message and fix of a rule's findings in the example with changes."""
    artifact = example_artifact(**changes)
    return [
        (f.pointer, f.message, f.fix.description if f.fix else None)
        for f in rule_findings(artifact)
        if f.code == code
    ]


def entity(name: str, *fields: str, to: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give an entity."""
    return {"name": name, "fields": fields, "relationships": to, "expected_growth": "slow"}


def api(payloads: Any, methods: tuple[str, ...] = ("POST",), name: str = "A") -> dict[str, Any]:
    """Give the APIs of a design: one internal one."""
    internal = {"name": name, "methods": methods, "payload_examples": payloads, "sla": "fast"}
    return {"internal": [internal], "external": []}


def test_every_page_has_its_rule_and_every_rule_its_page() -> None:
    """The folder holds one page for each code, one for the schema, and the index."""
    names = {f"{code.replace('/', '-')}.md" for code in VIEWS}
    pages = {
        page.name
        for page in PAGES.iterdir()
        if not page.name.startswith(("diff-", "config-", "json-"))
    }
    assert pages == {*names, "schema.md", "README.md"}


def test_the_index_lists_every_rule() -> None:
    """Code, page, severity and title of each rule stand in the index, in order."""
    index = (PAGES / "README.md").read_text("utf-8")
    rows = [
        f"| [{code}]({code.replace('/', '-')}.md) | {rule.severity.value} | {rule.title} |"
        for code, rule in VIEWS.items()
    ]
    assert "\n".join(rows) in index


@pytest.mark.parametrize("code", VIEWS)
def test_a_page_says_what_why_and_how(code: str) -> None:
    """Each page has the same parts, and the severity and title of its rule."""
    rule = VIEWS[code]
    page = (ROOT / page_of(code)).read_text("utf-8")
    assert page.startswith(f"# {code}\n\n**{rule.title}.** Severity: {rule.severity.value}.\n")
    parts = ["What it checks", "Why it matters", "Bad", "Good", "How to fix"]
    assert (
        re.findall(r"^## (.*)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
        == parts
    )


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_of_a_page_is_found_and_the_good_one_is_not(code: str) -> None:
    """What a page shows is true."""
    page = (PAGES / f"{code.replace('/', '-')}.md").read_text("utf-8")
    examples = {kind: msgspec.json.decode(text.encode()) for kind, text in _JSON.findall(page)}
    assert set(examples) == {"Bad", "Good"}
    assert found(code, **examples["Bad"])
    assert not found(code, **examples["Good"])


def test_the_rules_are_in_order_and_none_is_there_twice() -> None:
    """The table is sorted by code."""
    assert sorted(set(CODES)) == CODES


def test_the_example_of_the_source_has_no_error() -> None:
    """The source document's own example is good enough to finalize; advice does not count."""
    findings = rule_findings(example_artifact())
    assert {(f.code, f.severity) for f in findings if f.severity is not Severity.INFO} == {
        ("processes/async-without-queue", Severity.WARN),
        ("references/unknown-entity", Severity.WARN),
    }


@given(artifacts())
def test_no_artifact_breaks_a_rule_itself(artifact: Any) -> None:
    """Whatever stands in a design, every finding of a rule points at something in it."""
    document = msgspec.to_builtins(artifact)
    for finding in rule_findings(artifact):
        node = document
        for step in finding.pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if isinstance(node, list | tuple) else node[key]


def test_a_misspelt_relationship_gets_a_suggestion() -> None:
    """A name that is close to an entity's, or differs in case alone, is recognised."""
    entities = [entity("MealPlan"), entity("User", to=("mealplan", "MealPlam", "Zebra"))]
    fixes = [fix for _, _, fix in found("references/unknown-entity", entities=entities)]
    assert fixes == [
        'did you mean "MealPlan"?',
        'did you mean "MealPlan"?',
        'add an entity "Zebra"',
    ]


def test_a_relationship_may_say_more_than_a_name() -> None:
    """An entity's name among other words is enough."""
    entities = [entity("Recipe"), entity("User", to=("has many Recipe", "Recipe (0..n)", "User"))]
    assert found("references/unknown-entity", entities=entities) == []


def test_names_are_compared_within_their_kind() -> None:
    """An entity and a process may share a name; two entities may not, however written."""
    entities = [entity("recalculate_plan"), entity("Meal-Plan"), entity("meal plan")]
    ((pointer, message, _),) = found("names/duplicate", entities=entities)
    assert pointer == "/entities/2/name"
    assert "/entities/1/name" in message


def test_external_providers_are_compared() -> None:
    """The same provider twice is found at the second."""
    one = {"provider": "Stripe", "endpoint": "https://a.example", "auth_method": "api_key"}
    apis = {"internal": [], "external": [one, {**one, "provider": "stripe"}]}
    assert [p for p, _, _ in found("names/duplicate", apis=apis)] == ["/apis/external/1/provider"]


def test_fields_are_compared_by_their_first_word() -> None:
    """Types and constraints do not make two fields of one name different."""
    entities = [entity("A", "id uuid", "ID text", "", " ", "identity"), entity("B", "id uuid")]
    assert [p for p, _, _ in found("fields/duplicate", entities=entities)] == [
        "/entities/0/fields/1"
    ]


def test_a_method_in_lower_case_gets_a_suggestion() -> None:
    """`post` where POST is offered is recognised."""
    ((pointer, _, fix),) = found("apis/payload-method", apis=api({"post": {}}))
    assert (pointer, fix) == ("/apis/internal/0/payload_examples/post", 'did you mean "POST"?')


# Put together here, so that no scanner takes this file for a leak.
_SECRETS = {
    "aws": "AKIA" + "Q7ZT2MW9XK4VB8NR",
    "github": "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8",
    "stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "google": "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "slack": "xoxb-" + "123456789012-abcdefGHIJKL",
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0." + "dBjftJeZ4CVPmB92K27uhbUJU1p1r",
    "pem": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "openai": "sk-" + "proj-q7Zt2mW9xK4vB8nR1cL6pJ3d",
    "sendgrid": "SG" + ".q7Zt2mW9xK4vB8nR1cL6pJ." + "3dq7Zt2mW9xK4vB8nR1cL6pJ3dq7Zt2mW9xK4vB8nR1",
    "url": "postgres://" + "app:s3cr3tpw@db.internal/main",
}


@pytest.mark.parametrize("kind", _SECRETS)
def test_a_credential_is_found_by_its_form_and_not_shown(kind: str) -> None:
    """Wherever it stands in a payload, a credential is found, and no finding repeats it."""
    secret = _SECRETS[kind]
    payload = {"POST": {"items": ["a", {"note": f"use {secret} here"}]}}
    artifact = example_artifact(apis=api(payload))
    (finding,) = [f for f in rule_findings(artifact) if f.code == "apis/credentials-in-example"]
    assert finding.pointer == "/apis/internal/0/payload_examples/POST/items/1/note"
    assert secret not in msgspec.json.encode(finding).decode()


@pytest.mark.parametrize(
    "name",
    [
        *("password", "clientSecret", "access_token", "API_KEY", "private-key"),
        *("aws_secret_access_key", "secretKey", "token", "accessKey"),
    ],
)
def test_a_random_value_under_a_telling_name_is_found(name: str) -> None:
    """A member's name tells what an unknown kind of secret is."""
    payload = {"POST": {name: "q7Zt2mW9xK4vB8nR1cL6pJ3d"}}
    assert len(found("apis/credentials-in-example", apis=api(payload))) == 1


@pytest.mark.parametrize(
    "value",
    [
        "Bearer " + "q7Zt2mW9xK4vB8nR1cL6pJ3dYs5F",
        "Basic " + "YXBwOnMzY3IzdHB3OQ==",
        "token " + "q7Zt2mW9xK4vB8nR1cL6pJ3d",
    ],
)
def test_what_a_header_sends_is_found(value: str) -> None:
    """A token, and a name with its password, whatever the member is called."""
    for name in ("authorization", "Proxy-Authorization", "header"):
        payload = {"POST": {"headers": {name: value}}}
        assert len(found("apis/credentials-in-example", apis=api(payload))) == 1


@pytest.mark.parametrize(
    "name",
    [
        *("nextPageToken", "next_page_token", "pageToken", "continuation-token", "nextToken"),
        *("csrf_token", "xsrfToken", "sync_token", "csrfmiddlewaretoken"),
    ],
)
def test_a_token_that_opens_nothing_is_no_credential(name: str) -> None:
    """Where a list goes on, and which form was sent, may be random and is no secret."""
    payload = {"GET": {name: "q7Zt2mW9xK4vB8nR1cL6pJ3d"}}
    assert found("apis/credentials-in-example", apis=api(payload, ("GET",))) == []


@pytest.mark.parametrize(
    "payload",
    [
        {"authorization": "Bearer <token of the session>"},
        {"authorization": "Bearer your-token-goes-here-12345678"},
        {"authorization": "Bearer aaaaaaaaaaaaaaaaaaaaaaa1"},
        {"authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
        {"authorization": "Basic dXNlcjpwYXNzd29yZA=="},
        {"note": "Basic understanding-of-the-subject"},
        {"access_key_id": "q7Zt2mW9xK4vB8nR1cL6pJ3d"},
        {"password": "correct horse battery staple 1"},
        {"password": "hunter2"},
        {"password": "<password>"},
        {"token": "123e4567-e89b-12d3-a456-426614174000"},
        {"api_key": "YOUR-API-KEY-GOES-HERE-123456"},
        {"api_key": "AKIAIOSFODNN7EXAMPLE"},
        {"secret": "aaaaaaaaaaaaaaaaaaaaaaaaa1"},
        {"tokens_used": "q7Zt2mW9xK4vB8nR1cL6pJ3d"},
        {"id": "q7Zt2mW9xK4vB8nR1cL6pJ3d"},
        {"password": None, "token": 12345678901234567890123},
        {"url": "https://api.example.com:8443/a@b"},
        {"url": "https://user:<password>@host/"},
    ],
)
def test_a_placeholder_is_no_credential(payload: Any) -> None:
    """What people write where a secret would stand does not stop Finalize."""
    assert found("apis/credentials-in-example", apis=api({"POST": payload})) == []


def test_only_asynchronous_processes_need_a_queue() -> None:
    """A sync or a batch process is no reason for one."""
    for kind, number in (("sync", 0), ("batch", 0), ("async", 1)):
        process = {"name": "p", "type": kind, "description": "d", "sla": "s"}
        assert len(found("processes/async-without-queue", processes=[process])) == number


def test_one_technology_may_serve_two_kinds() -> None:
    """Redis as a cache and as a queue are two stores."""
    storage = [{"kind": "cache", "technology": "Redis"}, {"kind": "queue", "technology": "Redis"}]
    assert found("storage/duplicate", storage=storage) == []


def test_unknown_in_an_example_payload_is_data() -> None:
    """Only decisions count as open, whatever the letter case."""
    changes = {"apis": api({"POST": "unknown"}), "scaling": {"strategy": " Unknown "}}
    assert [p for p, _, _ in found("openness/unknown-value", **changes)] == ["/scaling/strategy"]


def test_unknown_is_found_in_document_order() -> None:
    """A list's items come one after the other."""
    document = edited(example(), ("assumptions",), ["unknown", "known", "unknown"])
    places = [p for p, _, _ in found("openness/unknown-value", **document)]
    assert places == ["/assumptions/0", "/assumptions/2"]


@given(artifacts())
def test_a_patch_mends_its_own_breach(artifact: Any) -> None:
    """What it is about is said less often, and a safe one adds no error and no warning."""
    before = rule_findings(artifact)
    for finding in before:
        if finding.fix is None or not finding.fix.patch:
            continue
        patch = json.loads(msgspec.json.encode(finding.fix.patch))
        mended = jsonpatch.apply_patch(json.loads(msgspec.json.encode(artifact)), patch)
        after = rule_findings(msgspec.convert(mended, Artifact))
        assert _alike(finding, after) < _alike(finding, before)
        if finding.fix.safe:
            assert _heavy(after) <= _heavy(before)


def _alike(finding: Finding, findings: list[Finding]) -> int:
    return sum((f.code, f.message) == (finding.code, finding.message) for f in findings)


def _heavy(findings: list[Finding]) -> Counter[str]:
    return Counter(f.code for f in findings if f.severity is not Severity.INFO)
