"""Promises that rest on other promises: a chain's latency, and uptime above that of providers."""

import re
from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter

from msgspec import UNSET

from quaestor_shared.contracts.artifact import ProcessType
from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import Measure, ServiceLevel, service_levels_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import Phrases, folded

__all__ = ["RULES"]

# The words of a description that are compared with names, one to three of them at a time.
_WORDS = re.compile(r"[\w/.{}'-]+")
_LONGEST_NAME = 3
_MOST_WORDS = 300
_MOST_RELATED = 10
_TOGETHER = Phrases(
    "at the same time, in parallel, parallel calls, concurrently, concurrent calls, "
    "simultaneously, at once"
)
# A name after one of these, up to three words on, is not called.
_NEGATIONS = frozenset(("not", "never", "without", "no", "nor", "cannot", "doesn't", "don't"))
_REACH = 3
# What keeps a backend up while a provider is down.
_MITIGATED = Phrases(
    "fallback*, fall back, falls back, degrad*, circuit breaker*, circuit-breaker*, stale copy, "
    "stale copies, works without"
)


def chain_over_budget(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find synchronous processes whose service level is below the sum of those that they call.

    A process calls what its description names, unless it says that it does not: external
    providers, internal APIs and other synchronous processes. Only latencies that are told count,
    each its slowest; of what is called at the same time, the longest.
    """
    chains = design.synchronous
    budgets = {i: _latency(process.sla) for i, process in chains}
    if not any(budgets.values()):
        return
    callees = _callees(design)
    for i, process in chains:
        budget = budgets[i]
        if budget is None:
            continue
        own = ("processes", i, "sla")
        called = {p: s for p, s in _named(process.description, callees) if p != own}
        together = _TOGETHER.stand_in(process.description)
        total = max(called.values(), default=0) if together else sum(called.values())
        if total > budget:
            yield Issue(
                path=own,
                message=f"{cut(process.name)} has {_shown(budget)} to answer in, and what its "
                f"description names may take {_shown(total)}",
                expected=f"at least {_shown(total)}",
                actual=cut(process.sla),
                fix="give it more time, call less, call at the same time, or make it `async`",
                related=tuple(
                    (place, f"may take {_shown(seconds)}")
                    for place, seconds in list(called.items())[:_MOST_RELATED]
                ),
            )


def _callees(design: Design) -> dict[str, tuple[Path, float]]:
    """Give the place and the slowest latency, in seconds, of what can be called, by folded name."""
    a = design.artifact
    told: list[tuple[str, Path, str]] = [
        (api.name, ("apis", "internal", i, "sla"), api.sla) for i, api in enumerate(a.apis.internal)
    ]
    told += [
        (process.name, ("processes", i, "sla"), process.sla)
        for i, process in enumerate(a.processes)
        if process.type is ProcessType.SYNC
    ]
    told += [
        (api.provider, ("apis", "external", i, "sla"), api.sla)
        for i, api in enumerate(a.apis.external)
        if api.sla is not UNSET
    ]
    return {
        folded(name): (path, seconds)
        for name, path, sla in told
        if (seconds := _latency(sla)) is not None
    }


def _latency(sla: str) -> float | None:
    times = (level.seconds for level in service_levels_of(sla) if level.measure is Measure.LATENCY)
    return max((seconds for seconds in times if seconds is not None), default=None)


def _named(
    description: str, callees: dict[str, tuple[Path, float]]
) -> Iterator[tuple[Path, float]]:
    found_words = _WORDS.findall(description)[:_MOST_WORDS]
    words = [word.strip(".-") for word in found_words]
    for start in range(len(words)):
        for length in range(1, _LONGEST_NAME + 1):
            found = callees.get(folded("".join(words[start : start + length])))
            if found and not _is_negated(found_words[max(0, start - _REACH) : start]):
                yield found


def _is_negated(before: list[str]) -> bool:
    """Say whether one of the words right before a name, in its own sentence, denies it."""
    for word in reversed(before):
        if word.endswith("."):
            return False
        if word.lower() in _NEGATIONS:
            return True
    return False


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.4g} ms" if seconds < 1 else f"{seconds:.4g} s"


def uptime_above_providers(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find uptimes above the lowest that an external provider promises.

    Silent where the design speaks of a fallback, of degrading, or of a circuit breaker.
    """
    ours = {sla: u for sla, levels in design.api_levels.items() if (u := _uptime(levels))}
    promised = [
        (uptime, i)
        for i, api in enumerate(design.artifact.apis.external if ours else ())
        if api.sla is not UNSET and (uptime := _uptime(service_levels_of(api.sla))) is not None
    ]
    if not promised or design.speaks_of(_MITIGATED):
        return
    lowest, at = min(promised)
    provider = design.artifact.apis.external[at].provider
    for i, api in enumerate(design.artifact.apis.internal):
        uptime = ours.get(api.sla)
        if uptime is not None and uptime > lowest:
            yield Issue(
                path=("apis", "internal", i, "sla"),
                message=f"{cut(api.name)} promises {uptime:f}% uptime, and {cut(provider)} only "
                f"{lowest:f}%",
                expected=f"at most {lowest:f}%, or a word on what works without {cut(provider)}",
                actual=cut(api.sla),
                fix="promise less, or say which fallback answers while the provider is down",
                related=((("apis", "external", at, "sla"), "the lower promise"),),
            )


def _uptime(levels: tuple[ServiceLevel, ...]) -> Decimal | None:
    shares = [level.amount for level in levels if level.measure is Measure.UPTIME]
    return max(shares, default=None)


RULES = (
    Rule(
        code="service-levels/chain-over-budget",
        severity=Severity.WARN,
        title="A synchronous process has the time that its calls take",
        check=chain_over_budget,
        needs=attrgetter("synchronous"),
    ),
    Rule(
        code="service-levels/uptime-above-providers",
        severity=Severity.WARN,
        title="No more uptime is promised than external providers promise",
        check=uptime_above_providers,
        needs=attrgetter("external_levels"),
    ),
)
