"""What can be seen of the backend while it runs."""

import re
from collections.abc import Iterator
from operator import attrgetter

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import Measure, service_levels_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import Phrases, listed

__all__ = ["RULES"]

_MOST_RELATED = 10
_LIVE = Phrases(
    "live, livez, liveness, alive, ping, health*, heartbeat*, startup, is up, process up, up"
)
_READY = Phrases("ready, readyz, readiness, health*, depend*, startup")
_BACKUPS = re.compile(r"\bback(?:ed)?[ _-]ups?\b", re.IGNORECASE)
_DEAD = ("dead", "dlq", "dlx", "poison", "failed", "failure", "failing", "parked")
# Metrics that are sets of metrics: they measure whatever a service level is about.
_ALL = ("golden signal", "red metric", "use metric", "four signals", "slo", "sla", "apdex")
_TIMES = listed(
    "latenc, duration, response time, p50, p95, p99, percentile, quantile, elapsed, "
    "histogram, processing time, run time, runtime, seconds, millis"
)
_MEASURES: dict[Measure, tuple[str, ...]] = {
    Measure.LATENCY: _TIMES,
    Measure.COMPLETION: (*_TIMES, "job", "run", "batch", "complet", "finish", "lag", "age", "last"),
    Measure.DEADLINE: (*_TIMES, "job", "run", "batch", "complet", "finish", "lag", "age", "last"),
    Measure.UPTIME: ("uptime", "availab", "error", "5xx", "success", "probe", "health", "status"),
    Measure.ERROR_RATE: ("error", "5xx", "fail", "success", "exception", "status"),
    Measure.THROUGHPUT: listed(
        "req, rps, qps, tps, throughput, rate, /s, per second, count, traffic, per min, "
        "/min, volume, messages, events, jobs"
    ),
}


def no_probe(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find that there is no health check at all."""
    if not design.artifact.observability.health_checks:
        yield Issue(
            path=("observability", "health_checks"),
            message="there is no health check, so nothing can tell whether the backend works",
            expected="at least one, such as `liveness` or `readiness`",
            fix="add `liveness` (the process answers) and `readiness` (what it needs answers too)",
        )


def no_liveness(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find health checks of which none says that the process itself works."""
    yield from _no_check(
        design, _LIVE, "liveness", "nothing tells when a process has to be started again"
    )


def no_readiness(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find health checks of which none says that requests can be taken."""
    yield from _no_check(
        design, _READY, "readiness", "nothing tells when requests can be sent to a process"
    )


def _no_check(design: Design, words: Phrases, kind: str, why: str) -> Iterator[Issue]:
    checks = design.artifact.observability.health_checks
    if checks and not words.stand_in(_BACKUPS.sub(" ", "\n".join(checks))):
        yield Issue(
            path=("observability", "health_checks"),
            message=f"none of the health checks is for {kind}: {why}",
            expected=f"`{kind}`",
            actual=cut(", ".join(checks)),
            fix=f"add `{kind}`, or say in a check's name that it is one",
        )


def unmeasured(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find service levels that no metric shows, once for each thing that is promised."""
    metrics = design.artifact.observability.metrics
    unseen = {measure for measure in _measures(design) if not _is_seen(design, measure)}
    if not unseen or _has(metrics, _ALL):
        return
    for measure, places in _promises(design).items():
        if measure not in unseen:
            continue
        yield Issue(
            path=("observability", "metrics"),
            message=f"{measure.value} is promised, and no metric shows it",
            expected=f"a metric for {measure.value}",
            actual=cut(", ".join(metrics)),
            fix=f"add a metric for {measure.value}: what is not measured is not kept",
            related=tuple((place, "promised here") for place in places[:_MOST_RELATED]),
        )


def _measures(design: Design) -> set[Measure]:
    return {level.measure for levels in design.own_levels.values() for level in levels}


def _is_seen(design: Design, measure: Measure) -> bool:
    if measure is Measure.UPTIME and design.artifact.observability.health_checks:
        return True
    words = _MEASURES.get(measure)
    return words is None or _has(design.artifact.observability.metrics, words)


def _promises(design: Design) -> dict[Measure, list[Path]]:
    promises: dict[Measure, list[Path]] = {}
    for i, api in enumerate(design.artifact.apis.internal):
        for level in service_levels_of(api.sla):
            promises.setdefault(level.measure, []).append(("apis", "internal", i, "sla"))
    for i, process in enumerate(design.artifact.processes):
        for level in service_levels_of(process.sla):
            promises.setdefault(level.measure, []).append(("processes", i, "sla"))
    return promises


def no_trace(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find asynchronous processes in a design without traces."""
    if design.artifact.observability.traces:
        return
    for i, process in design.asynchronous[:1]:
        yield Issue(
            path=("processes", i, "type"),
            message=f"{cut(process.name)} goes on where no caller waits, and no trace follows it",
            expected="traces, such as `OpenTelemetry`",
            fix="add traces, and pass the trace context along in each message",
            related=((("observability",), "no traces here"),),
        )


def no_dead_letters(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find asynchronous processes whose lost messages no metric shows."""
    if _has(design.artifact.observability.metrics, _DEAD):
        return
    for i, process in design.asynchronous[:1]:
        yield Issue(
            path=("observability", "metrics"),
            message=f"no metric shows the messages that {cut(process.name)} could not deal with",
            expected="a metric such as `dead letters` or `failed jobs`",
            fix="count what is given up, and be told when that is more than nothing",
            related=((("processes", i, "type"), "asynchronous"),),
        )


def _has(texts: tuple[str, ...], words: tuple[str, ...]) -> bool:
    lower = "\n".join(texts).lower()
    return any(map(lower.__contains__, words))


RULES = (
    Rule(
        code="observability/no-probe",
        severity=Severity.WARN,
        title="The backend has a health check",
        check=no_probe,
    ),
    Rule(
        code="observability/no-liveness",
        severity=Severity.INFO,
        title="A health check tells whether the process works",
        check=no_liveness,
    ),
    Rule(
        code="observability/no-readiness",
        severity=Severity.INFO,
        title="A health check tells whether requests can be taken",
        check=no_readiness,
    ),
    Rule(
        code="observability/unmeasured",
        severity=Severity.WARN,
        title="What is promised is measured",
        check=unmeasured,
    ),
    Rule(
        code="observability/async-without-trace",
        severity=Severity.INFO,
        title="An asynchronous process can be traced",
        check=no_trace,
        needs=attrgetter("asynchronous"),
    ),
    Rule(
        code="observability/async-without-dead-letters",
        severity=Severity.INFO,
        title="Messages that are given up are counted",
        check=no_dead_letters,
        needs=attrgetter("asynchronous"),
    ),
)
