"""A design that an ordinary interview ends in has neither an error nor a warning."""

from collections.abc import Mapping

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.interviews import script, started, turn
from tests.support.rules import rule_findings

from quaestor_design_api.domain.outcome import missing, render
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Severity

# What people answer who have thought about it, in many ways of writing.
_ENTITIES = ["UserProfile", "MealPlan", "Recipe", "ShoppingList", "Household", "Ingredient"]
_FIELDS = [
    *("email text unique", "title text", "created_at timestamptz", "amount numeric(8,2)"),
    *("preferences json", "password_hash text", "birthday date", "picture_key text", "tags"),
]
_GROWTH = ["100k in 12 months", "5M within a year", "2k per day", "10% monthly", "4 per user"]
_GROWTH += ["fixed", "assume 1M in 12 months", "3 GB per month", "unknown"]
_LATENCIES = ["p95 < 200ms", "p99 < 1.5 s", "200 ms (p95)", "99% of requests < 300ms", "unknown"]
_DONE = ["finish < 2h", "done by 06:00", "p95 < 30s", "10k jobs/hour", "finish < 45min"]
_SCHEDULES = ["nightly", "every Sunday", "weekly", "once a month, at 02:00"]
_PROVIDERS = ["Spoonacular", "Stripe", "Maps"]
_LIMITS = ["", ", limit 50 requests/min", ", limit 100 rps", ", limit unlimited"]
_PROMISES = ["", ", sla 99.5% uptime", ", sla best effort", ", sla p95 < 1s"]
_CACHES = ["", ", cache Redis", ", cache Redis (profiles)", ", cache Memcached (TTL 5 min)"]
_STRATEGIES = ["horizontal pods, autoscaled on CPU", "one node, vertical", "unknown"]
_SCALING = ["skip", "partition meal plans by user, one read replica", "none needed"]
_AUDITS = ["logging every access; audit ISO27001", "logging all changes; audit SOC 2", "unknown"]
_AUDITS += ["logging errors; audit yearly, by the security team"]
_SEEN = "metrics req/sec, latency, job duration, queue depth; health liveness, readiness"
_TRACES = ["", "; traces OpenTelemetry"]
_RESIDENCY = ["EU", "EU; notes GDPR applies", "Switzerland", "US", "no restriction", "unknown"]
_HANDOFFS = ["identity.json, research.json; assumes US-only rollout", "none"]
_HANDOFFS += ["identity.json; assumes the identity service supplies OIDC tokens"]
_OPEN = ["none", "Do we need HIPAA-compliant storage?", "Which region?; Who pays?"]


@st.composite
def _interviews(draw: st.DrawFn) -> Mapping[str, str]:
    """Give the answers of an interview, by number."""

    def some(options: list[str], least: int = 0, most: int = 3) -> list[str]:
        return draw(st.lists(st.sampled_from(options), min_size=least, max_size=most, unique=True))

    def one(options: list[str]) -> str:
        return draw(st.sampled_from(options))

    answers: dict[str, str] = {}
    entities = some(_ENTITIES, 1, 4)
    answers["1.1"] = ", ".join(entities)
    for number, _name in enumerate(entities, 1):
        fields = ", ".join(["id uuid pk", *some(_FIELDS)])
        related = ", ".join(some(entities))
        answers[f"1.2.{number}"] = f"{fields} -> {related}" if related else fields
        answers[f"1.3.{number}"] = one(_GROWTH)
    providers = some(_PROVIDERS)
    answers["2.1"] = (
        "; ".join(
            f"{p}: https://api.{p.lower()}.com, auth api_key{one(_LIMITS)}{one(_PROMISES)}"
            for p in providers
        )
        or "none"
    )
    apis = some(["PlanAPI", "/api/v1/users", "/v2/recipes/{id}"])
    answers["2.2"] = ", ".join(apis) or "none"
    for number, _api in enumerate(apis, 1):
        answers[f"2.2.{number}"] = one(["CRUD", "GET", 'GET, POST {"title": "Soup"}', "GET, PUT"])
        answers[f"2.3.{number}"] = one(_LATENCIES)
    kinds = {
        name: one(["sync", "async", "batch"]) for name in some(["recalculate", "notify", "import"])
    }
    answers["3.1"] = (
        "; ".join(
            f"{name}: {kind}, {one(_SCHEDULES)} {name} of the plans, "
            f"sla {one(_LATENCIES[:-1] if kind == 'sync' else _DONE)}"
            for name, kind in kinds.items()
        )
        or "none"
    )
    queue = ", queue RabbitMQ" if "async" in kinds.values() else one(["", ", queue SQS"])
    answers["4.1"] = (
        f"{one(['sql PostgreSQL', 'nosql MongoDB', 'sql MySQL (primary)'])}{one(_CACHES)}{queue}"
    )
    answers["4.2"], answers["4.3"] = one(_SCALING), one(_STRATEGIES)
    answers["5.1"], answers["5.2"] = one(_AUDITS), _SEEN + one(_TRACES)
    answers["5.3"] = one(_RESIDENCY)
    answers["6.1"], answers["6.2"] = one(_HANDOFFS), one(_OPEN)
    return answers


@settings(max_examples=120, deadline=None)
@given(_interviews())
def test_an_ordinary_interview_ends_in_a_clean_design(answers: Mapping[str, str]) -> None:
    """Advice is all that is found; what is skipped, assumed or unknown is no fault."""
    state = started()
    for number, text in answers.items():  # in order: an answer opens the questions about it
        result = turn(state, {number: text})
        assert result.refused == ()
        state = result.state
    assert missing(script(), state) is None
    outcome = render(script(), state, label="1.0.0", document=b"")
    artifact = msgspec.json.decode(outcome.json, type=Artifact)
    found = [
        (f.code, f.pointer) for f in rule_findings(artifact) if f.severity is not Severity.INFO
    ]
    assert found == []
