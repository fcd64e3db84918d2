"""Service levels, processes, growth and what is seen of them: what is found, and what is not."""

from typing import Any

import pytest
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

from quaestor_validator.domain.schedules import has_schedule, interval_of


@pytest.mark.parametrize(
    "text",
    [
        "nightly",
        "runs every 15 minutes",
        "on Sundays",
        "at 02:00",
        "at 6am",
        "cron 0 3 * * *",
        "0 3 * * 1",
        "@daily",
        "in the maintenance window",
        "each hour",
        "sync_daily",
    ],
)
def test_a_schedule_is_recognised(text: str) -> None:
    """A word, an interval, a time of day or a cron line."""
    assert has_schedule(text)


@pytest.mark.parametrize(
    "text", ["", "imports the recipes", "everything", "2 steps", "12 monthsize"]
)
def test_what_is_no_schedule_is_not_taken_for_one(text: str) -> None:
    """Words are compared whole."""
    assert not has_schedule(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("every 15 minutes", 900),
        ("each hour", 3600),
        ("Nightly import, hourly export", 3600),
        ("weekly", 7 * 86_400),
        ("on Sundays", None),
        ("when needed", None),
    ],
)
def test_a_regular_interval_is_told_in_seconds(text: str, seconds: float | None) -> None:
    """The shortest of several counts."""
    assert interval_of(text) == seconds


def test_a_schedule_may_stand_in_name_description_or_service_level() -> None:
    """A description that is not decided yet is no fault of the schedule."""
    batches = [
        process("nightly_export", description="exports"),
        process(description="exports", sla="done by 06:00"),
        process(description="unknown"),
        process(description="exports", sla="finish < 2h"),
        process(kind="async", description="exports"),
    ]
    places = places_of("processes/batch-without-schedule", processes=batches)
    assert places == ["/processes/3/description"]


def test_service_levels_that_say_nothing_are_missing_not_unreadable() -> None:
    """One that is open is the matter of another rule."""
    levels = ["none", "", "fast", "p95 < 200", "unknown", "p95 < 1s"]
    processes = [process(f"p{i}", sla=sla) for i, sla in enumerate(levels)]
    missing = places_of("service-levels/missing", processes=processes)
    assert missing == ["/processes/0/sla", "/processes/1/sla"]
    unreadable = findings_of("service-levels/unreadable", processes=processes)
    assert [f.pointer for f in unreadable] == ["/processes/2/sla", "/processes/3/sla"]
    assert "without a unit" in unreadable[1].message


def test_a_provider_may_promise_nothing() -> None:
    """Its service level has to be read only when it seems to be one."""
    told = ("best effort", "none promised", "99.5% uptime", "quick")
    all_ = apis(*(external(f"P{i}", sla=sla) for i, sla in enumerate(told)))
    assert places_of("service-levels/unreadable", apis=all_) == ["/apis/external/3/sla"]


@pytest.mark.parametrize("sla", ["100% uptime", "p100 < 1s", "p95 < 0ms", "uptime 101 %"])
def test_what_cannot_be_kept_is_found(sla: str) -> None:
    """All of the time, every request, no time."""
    places = places_of("service-levels/impossible", apis=apis(internal("A", sla=sla)))
    assert places == ["/apis/internal/0/sla"]


def test_what_can_be_kept_is_not() -> None:
    """Errors may be at 0 %, and a share of requests is no uptime."""
    fine = ("99.999% uptime", "error rate < 0%", "100% of requests answered", "p99.9 < 1s")
    all_ = apis(*(internal(f"A{i}", sla=sla) for i, sla in enumerate(fine)))
    assert places_of("service-levels/impossible", apis=all_) == []


def test_high_quantiles_may_be_slow() -> None:
    """The usual request may not; a rate or an uptime has no latency."""
    levels = ("p95 < 300ms", "p99 < 2s", "< 1s", "p95 < 200ms, p99 < 1s", "50 requests/s")
    all_ = apis(*(internal(f"A{i}", sla=sla) for i, sla in enumerate(levels)))
    assert places_of("service-levels/slow-api", apis=all_) == [
        "/apis/internal/0/sla",
        "/apis/internal/2/sla",
    ]


def chain(description: str, sla: str = "p95 < 300ms", **more: Any) -> Any:
    """Give what a synchronous process with this description is found to overrun."""
    fixed: dict[str, Any] = {
        "processes": [
            process("quote", "sync", description, sla),
            process("load_prices", "sync", "loads prices", "p95 < 150ms"),
            process("archive", "async", "archives", "finish < 2h"),
        ],
        "apis": apis(
            internal("TaxAPI", sla="p95 < 200ms"), external("Meal Maps", sla="p95 < 250ms")
        ),
    }
    return findings_of("service-levels/chain-over-budget", **(fixed | more))


def test_a_chain_takes_what_its_calls_take() -> None:
    """Names are recognised in any way of writing, each once, and all places are told."""
    (finding,) = chain("asks meal maps, then the Tax-API and the TaxAPI again.")
    assert finding.pointer == "/processes/0/sla"
    assert "450 ms" in finding.message
    assert [r.pointer for r in finding.related] == ["/apis/external/0/sla", "/apis/internal/0/sla"]
    (both,) = chain("calls TaxAPI and load_prices")
    assert "350 ms" in both.message


def test_a_chain_within_its_budget_is_fine() -> None:
    """So is one that calls nothing, itself, or what runs by itself later."""
    for description in ("calls TaxAPI", "quote again", "starts archive", "calls nobody"):
        assert chain(description) == []
    assert chain("calls Meal Maps, TaxAPI and load_prices", "99.9% uptime") == []


def test_uptime_rests_on_the_lowest_promise_of_a_provider() -> None:
    """Unless the design says what works without it."""
    all_ = apis(
        internal("A", sla="99.9% uptime"),
        internal("B", sla="99% uptime"),
        external("P", sla="99.95% uptime"),
        external("Q", sla="99.5% uptime"),
    )
    code = "service-levels/uptime-above-providers"
    (finding,) = findings_of(code, apis=all_)
    assert finding.pointer == "/apis/internal/0/sla"
    assert [r.pointer for r in finding.related] == ["/apis/external/1/sla"]
    assert places_of(code, apis=all_, assumptions=["Q falls back to the last price"]) == []


def test_how_long_a_caller_waits_can_be_set() -> None:
    """The default is a minute; the option is in seconds."""
    processes = [process("a", "sync", "d", "p95 < 90s"), process("b", "sync", "d", "finish < 30s")]
    assert places_of("processes/slow-sync", processes=processes) == ["/processes/0/sla"]
    for most, found in ((90, 0), (10, 2)):
        options = {"most_seconds": most}
        findings = findings_of("processes/slow-sync", options=options, processes=processes)
        assert len(findings) == found


def test_a_type_is_contradicted_by_whole_words() -> None:
    """`batches of mails` is no batch job, and a sync process is judged by nothing here."""
    processes = [
        process("a", "async", "sends mails in batches"),
        process("b", "async", "a nightly batch."),
        process("c", "sync", "checks a batch"),
    ]
    (finding,) = findings_of("processes/contradicted-type", processes=processes)
    assert (finding.pointer, finding.did_you_mean) == ("/processes/1/type", "batch")


def test_a_batch_may_take_as_long_as_its_interval() -> None:
    """Only a longer one meets itself; without an interval there is nothing to meet."""
    processes = [
        process("a", description="every 2 hours", sla="finish < 2h"),
        process("b", description="every hour", sla="finish < 2h"),
        process("c", description="on Sundays", sla="finish < 300h"),
    ]
    assert places_of("processes/overrun", processes=processes) == ["/processes/1/sla"]


def test_a_retry_is_safe_where_anything_speaks_of_idempotency() -> None:
    """The word may stand elsewhere in the design."""
    processes = [
        process("a", "async", "charges the card; at least once"),
        process("b", "async", "retried"),
    ]
    code = "processes/unsafe-retry"
    assert places_of(code, processes=processes) == [f"/processes/{i}/description" for i in (0, 1)]
    assert places_of(code, processes=processes, assumptions=["handlers are idempotent"]) == []


def test_growth_without_a_figure_is_found() -> None:
    """What does not grow, and what is not decided, is told."""
    texts = ("a lot", "none", "unknown", "10% monthly", "5 per user", "2M", "1M in 12 months")
    entities = [entity(f"E{i}", growth=text) for i, text in enumerate(texts)]
    assert places_of("growth/unreadable", entities=entities) == ["/entities/0/expected_growth"]
    assert places_of("growth/without-span", entities=entities) == ["/entities/5/expected_growth"]


def test_growth_beyond_one_node_is_said_once_at_the_largest() -> None:
    """The others are related; a store that spreads by itself, or a word on spreading, is enough."""
    code = "growth/beyond-one-node"
    entities = [
        entity("A", growth="2 billion in 12 months"),
        entity("B", growth="20M per day"),
        entity("C", growth="20 TB in 12 months"),
        entity("D", growth="1M in 12 months"),
    ]
    scaling = {"strategy": "horizontal pods"}
    (finding,) = findings_of(code, entities=entities, scaling=scaling)
    assert finding.pointer == "/entities/1/expected_growth"
    assert {r.pointer for r in finding.related} == {
        "/entities/0/expected_growth",
        "/entities/2/expected_growth",
    }
    sharded = {"strategy": "sharded by tenant"}
    assert places_of(code, entities=entities, scaling=sharded) == []
    spread = [store("nosql", "DynamoDB")]
    assert places_of(code, entities=entities, scaling=scaling, storage=spread) == []


def seen(*metrics: str, health: tuple[str, ...] = ("liveness", "readiness"), **more: Any) -> Any:
    """Give what can be seen of a backend."""
    return {"metrics": metrics, "health_checks": health, **more}


@pytest.mark.parametrize(
    ("sla", "metric"),
    [
        ("p95 < 200ms", "request duration"),
        ("p95 < 200ms", "http_request_duration_seconds"),
        ("finish < 2h", "job run time"),
        ("done by 06:00", "age of the last export"),
        ("error rate < 0.1%", "5xx"),
        ("50 requests/min", "RPS"),
        ("p95 < 200ms, 99.9% uptime, 50 rps", "the four golden signals"),
    ],
)
def test_a_metric_is_recognised_by_its_name(sla: str, metric: str) -> None:
    """One that measures what is promised is enough."""
    changes: dict[str, Any] = {"processes": [], "apis": apis(internal("A", sla=sla))}
    code = "observability/unmeasured"
    assert places_of(code, observability=seen(metric), **changes) == []
    assert set(places_of(code, observability=seen("cpu"), **changes)) == {"/observability/metrics"}


def test_each_kind_of_promise_is_asked_for_once() -> None:
    """Uptime is measured by health checks as well."""
    all_ = apis(internal("A", sla="p95 < 1s, 99.9% uptime"), internal("B", sla="p99 < 2s, 9 rps"))
    changes: dict[str, Any] = {"processes": [], "apis": all_}
    code = "observability/unmeasured"
    found = findings_of(code, observability=seen("cpu"), **changes)
    assert [f.expected for f in found] == ["a metric for latency", "a metric for throughput"]
    assert [r.pointer for r in found[0].related] == ["/apis/internal/0/sla", "/apis/internal/1/sla"]
    assert len(places_of(code, observability=seen("cpu", health=()), **changes)) == 3


@pytest.mark.parametrize(
    ("checks", "missing"),
    [
        (("liveness", "readiness"), set()),
        (("/livez", "/readyz"), set()),
        (("GET /health",), set()),
        (("ping",), {"observability/no-readiness"}),
        (("database",), {"observability/no-liveness", "observability/no-readiness"}),
        ((), {"observability/no-probe"}),
    ],
)
def test_health_checks_are_told_apart_by_their_names(
    checks: tuple[str, ...], missing: set[str]
) -> None:
    """A general one counts for both."""
    codes = ("observability/no-probe", "observability/no-liveness", "observability/no-readiness")
    found = {code for code in codes if places_of(code, observability=seen("x", health=checks))}
    assert found == missing


def test_only_what_nobody_waits_for_needs_traces_and_dead_letters() -> None:
    """Each is said once, however many processes there are."""
    both = [process("a", "async"), process("b", "async")]
    for code, place in (
        ("observability/async-without-trace", "/processes/0/type"),
        ("observability/async-without-dead-letters", "/observability/metrics"),
    ):
        bare = seen("latency", traces=())
        assert places_of(code, processes=both, observability=bare) == [place]
        full = seen("latency", "DLQ size", traces=("OpenTelemetry",))
        assert places_of(code, processes=both, observability=full) == []
        assert places_of(code, processes=[process()], observability=bare) == []
