"""A word counts where it stands as a whole, and what a rule advises settles it."""

import re
from typing import Any

import msgspec
import pytest
from tests.support.designs import ROOT, example
from tests.support.rules import (
    apis,
    entity,
    external,
    findings_of,
    internal,
    places_of,
    process,
    store,
)

from quaestor_validator.domain.words import Phrases

_BAD = re.compile(r"^## Bad\n\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")
OPEN: dict[str, Any] = {"dependencies": [], "assumptions": [], "open_questions": []}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("auth", True),
        ("the auth-service", True),
        ("UserAuthAPI", True),
        ("user_auth", True),
        ("AUTH", True),
        ("Authenticated", True),
        ("authors.json", False),
        ("co-author", False),
        ("Oauthor", False),
        ("authä", False),
        ("", False),
    ],
)
def test_a_phrase_is_found_as_whole_words(text: str, *, found: bool) -> None:
    """Also inside of a name with capitals or `_`; one with `*` may go on."""
    assert Phrases("auth, authent*").stand_in(text) is found


@pytest.mark.parametrize(
    ("code", "text", "lookalike", "named"),
    [
        ("scope/infrastructure", "applies Terraform", "shops.json", "DevOps.json"),
        ("scope/frontend", "renders the React page", "equipment.json", "ui.json"),
        ("scope/identity", "handles MFA", "authors.json", "AuthService"),
    ],
)
def test_a_dependency_is_named_for_others_by_a_whole_word(
    code: str, text: str, lookalike: str, named: str
) -> None:
    """A shop has no ops in it, equipment no ui, and an author no auth."""
    changes: dict[str, Any] = {"processes": [process(description=f"nightly; {text}")]}
    assert places_of(code, dependencies=[lookalike], **changes) == ["/processes/0/description"]
    assert places_of(code, dependencies=[named], **changes) == []


@pytest.mark.parametrize(
    "text", ["each recipe has one author", "the diameter is in mm", "tokenised", "blogins"]
)
def test_who_may_call_is_told_by_whole_words(text: str) -> None:
    """Neither an author nor a diameter says who may call."""
    code = "completeness/no-authentication"
    changes = OPEN | {"apis": apis(internal("A"))}
    assert places_of(code, **(changes | {"assumptions": [text]})) == ["/apis/internal"]
    assert places_of(code, **(changes | {"dependencies": ["authors.json"]})) == ["/apis/internal"]
    assert places_of(code, **(changes | {"dependencies": ["auth.json"]})) == []


def test_what_expires_in_a_cache_deletes_nothing() -> None:
    """A store that keeps data and says so does."""
    code = "compliance/personal-data-without-retention"
    person: dict[str, Any] = {"entities": [entity("Person", "id", "email text")], **OPEN}
    person["compliance"] = {"logging": "all", "audit": "ISO27001", "residency": "EU", "notes": ""}
    cached = [store(), store("cache", "Redis", notes="TTL 5 min")]
    kept = [store(notes="rows expire after a year")]
    assert places_of(code, storage=cached, **person) == ["/compliance"]
    assert places_of(code, storage=kept, **person) == []


@pytest.mark.parametrize(
    ("check", "live", "ready"),
    [
        ("already running", False, False),
        ("uploads", False, False),
        ("backup", False, False),
        ("last back-up", False, False),
        ("process up", True, False),
        ("isReady", False, True),
    ],
)
def test_a_health_check_is_known_by_whole_words(check: str, *, live: bool, ready: bool) -> None:
    """`already` is not ready, and an upload or a backup is not up."""
    seen = {"metrics": ["latency"], "health_checks": [check], "traces": []}
    assert (places_of("observability/no-liveness", observability=seen) == []) is live
    assert (places_of("observability/no-readiness", observability=seen) == []) is ready


def shown_bad(code: str) -> dict[str, Any]:
    """Give what the page of a rule shows as bad."""
    page = (ROOT / f"docs/rules/{code.replace('/', '-')}.md").read_text("utf-8")
    shown = _BAD.search(page)
    assert shown
    return msgspec.json.decode(shown[1].encode(), type=dict[str, Any])


def taken(node: dict[str, Any], path: tuple[str, ...], advice: str) -> dict[str, Any]:
    """Put advice where a rule asks for it: one more item of a list, or instead of a text."""
    member, *rest = path
    whole = node.get(member, "")
    if rest:
        return node | {member: taken(whole, tuple(rest), advice)}
    return node | {member: [*whole, advice] if isinstance(whole, list) else advice}


ADVISED = [
    ("completeness/no-authentication", ("dependencies",), "fix", None),
    ("completeness/no-authentication", ("assumptions",), "said", "the APIs are public"),
    ("completeness/no-rate-limit", ("assumptions",), "expected", None),
    ("completeness/no-failure-plan", ("assumptions",), "said", "timeouts"),
    ("completeness/no-failure-plan", ("assumptions",), "said", "retries"),
    ("completeness/no-failure-plan", ("assumptions",), "said", "a fallback"),
    ("completeness/no-logging", ("compliance", "logging"), "expected", None),
    ("compliance/personal-data-without-retention", ("compliance", "notes"), "fix", None),
    ("observability/no-probe", ("observability", "health_checks"), "expected", None),
    ("observability/no-liveness", ("observability", "health_checks"), "expected", None),
    ("observability/no-readiness", ("observability", "health_checks"), "expected", None),
    ("observability/async-without-dead-letters", ("observability", "metrics"), "expected", None),
    ("growth/beyond-one-node", ("scaling", "notes"), "said", "partitioning"),
    ("growth/beyond-one-node", ("scaling", "notes"), "said", "sharding"),
    ("growth/beyond-one-node", ("scaling", "notes"), "said", "archiving"),
    ("apis/no-idempotency", ("assumptions",), "said", "a repeated POST does no harm"),
    ("apis/no-idempotency", ("assumptions",), "fix", None),
    ("scope/frontend", ("dependencies",), "fix", None),
    ("scope/identity", ("dependencies",), "fix", None),
    ("scope/infrastructure", ("dependencies",), "fix", None),
    ("service-levels/uptime-above-providers", ("assumptions",), "said", "a fallback answers"),
]


@pytest.mark.parametrize(("code", "path", "part", "said"), ADVISED)
def test_advice_that_is_followed_to_the_letter_settles_the_rule(
    code: str, path: tuple[str, ...], part: str, said: str | None
) -> None:
    """Each phrase that a finding quotes, put where it asks for it, or what it asks for in words."""
    bad = shown_bad(code)
    findings = findings_of(code, **bad)
    assert findings
    quoted = [said] if said else []
    for finding in findings if said is None else ():
        text = finding.expected if part == "expected" else finding.fix and finding.fix.description
        quoted += _QUOTED.findall(text or "")
    members = {"dependencies", "assumptions", "compliance.notes", "scaling.notes"}
    followed = [advice for advice in quoted if advice not in members]
    assert followed
    for advice in followed:
        assert places_of(code, **taken(example() | bad, path, advice)) == [], advice


@pytest.mark.parametrize(
    "limit",
    [
        "100 requests/min for each user",
        "60 requests per minute per user",
        "limit 10 writes/min per player",
    ],
)
def test_a_rate_that_is_assumed_is_a_limit(limit: str) -> None:
    """In any words; an amount without a span of time is none."""
    code = "completeness/no-rate-limit"
    changes = OPEN | {"apis": apis(internal("A"))}
    assert places_of(code, **(changes | {"assumptions": [limit]})) == []
    assert places_of(code, **(changes | {"assumptions": ["100 users"]})) == ["/apis/internal"]


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("asks Stripe, then Maps", True),
        ("asks Stripe and Maps in parallel", False),
        ("asks Stripe and Maps at the same time", False),
        ("asks Stripe; does not call Maps", False),
        ("asks Stripe without Maps", False),
        ("does not wait. Stripe and Maps are asked", True),
    ],
)
def test_only_what_is_called_one_after_the_other_adds_up(description: str, *, found: bool) -> None:
    """What is called at the same time takes as long as the longest, and what is not, nothing."""
    both = apis(
        external("Stripe", sla="p95 < 300ms"), external("Maps", "https://m.com", sla="p95 < 300ms")
    )
    chain = [process(kind="sync", description=description, sla="p95 < 400ms")]
    places = places_of("service-levels/chain-over-budget", apis=both, processes=chain)
    assert places == (["/processes/0/sla"] if found else [])
