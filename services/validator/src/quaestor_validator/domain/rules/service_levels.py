"""Service levels that can be measured and kept."""

from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

from msgspec import UNSET

from quaestor_shared.contracts.findings import Severity
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.quantities import Measure, ServiceLevel, service_levels_of
from quaestor_validator.domain.rules.base import Issue, NoOptions, Options, Rule
from quaestor_validator.domain.rules.design import Design
from quaestor_validator.domain.words import is_nothing, is_open

__all__ = ["RULES", "SlowApiOptions"]

_EXAMPLE = "a number with a unit, such as `p95 < 200ms`, `99.9% uptime` or `finish < 2h`"
# What a provider without a promise, or one that promises no number, is said to do.
_NO_PROMISE = ("none", "no sla", "not promised", "best effort", "best-effort")


class SlowApiOptions(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`most_ms`: the slowest latency of an internal API, in milliseconds."""

    most_ms: float = 200


def missing(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find internal APIs and processes without a service level."""
    for path, name, sla in _own(design):
        if is_nothing(sla):
            yield Issue(
                path=path,
                message=f"{cut(name)} has no service level",
                expected=_EXAMPLE,
                actual=cut(sla),
                fix="say how fast, how often or by when; without it nobody can tell whether it "
                "works well enough",
            )


def unreadable(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find service levels without a number that has a unit."""
    external = (
        (("apis", "external", i, "sla"), api.provider, api.sla)
        for i, api in enumerate(design.artifact.apis.external)
        if api.sla is not UNSET and not any(words in api.sla.lower() for words in _NO_PROMISE)
    )
    for path, name, sla in (*_own(design), *external):
        if service_levels_of(sla) or is_nothing(sla) or is_open(sla):
            continue
        number = any(map(str.isdigit, sla))
        yield Issue(
            path=path,
            message=f"the service level of {cut(name)} has a number without a unit"
            if number
            else f"the service level of {cut(name)} has no number, so it cannot be measured",
            expected=_EXAMPLE,
            actual=cut(sla),
            fix="add the unit" if number else "put a number and a unit to it",
        )


def impossible(design: Design, _: NoOptions) -> Iterator[Issue]:
    """Find service levels that nobody can keep: all of the time, in no time."""
    told = chain(design.own_levels.values(), design.external_levels.values())
    if not any(map(_impossible, chain.from_iterable(told))):
        return
    external = (
        (("apis", "external", i, "sla"), api.provider, api.sla)
        for i, api in enumerate(design.artifact.apis.external)
        if api.sla is not UNSET
    )
    for path, name, sla in (*_own(design), *external):
        for level in service_levels_of(sla):
            if why := _impossible(level):
                yield Issue(
                    path=path,
                    message=f"{cut(name)} promises {why}",
                    expected="what can be kept and measured",
                    actual=cut(sla),
                    fix="write what is really needed: each further nine costs a multiple",
                )
                break


def _impossible(level: ServiceLevel) -> str | None:
    if level.measure is Measure.UPTIME and level.amount >= 100:
        return "to be up all of the time, which leaves no time for a single fault or release"
    if level.quantile is not None and level.quantile >= 100:
        return "the latency of every single request, which one lost packet breaks"
    if level.measure is Measure.LATENCY and level.amount == 0:
        return "an answer in no time"
    return None


def slow_api(design: Design, options: SlowApiOptions) -> Iterator[Issue]:
    """Find internal APIs that may take longer than people wait without noticing."""
    slow = {
        sla
        for sla, levels in design.api_levels.items()
        for level in levels
        if level.measure is Measure.LATENCY
        and (level.quantile is None or level.quantile <= 95)
        and level.seconds is not None
        and level.seconds * 1000 > options.most_ms
    }
    for i, api in enumerate(design.artifact.apis.internal if slow else ()):
        if api.sla in slow:
            yield Issue(
                path=("apis", "internal", i, "sla"),
                message=f"{cut(api.name)} may take longer than {options.most_ms:g} ms",
                expected=f"p95 < {options.most_ms:g}ms",
                actual=cut(api.sla),
                fix="make the call shorter, or answer 202 and do the work in a process",
            )


def _own(design: Design) -> Iterator[tuple[Path, str, str]]:
    for i, api in enumerate(design.artifact.apis.internal):
        yield ("apis", "internal", i, "sla"), api.name, api.sla
    for i, process in enumerate(design.artifact.processes):
        yield ("processes", i, "sla"), process.name, process.sla


RULES = (
    Rule(
        code="service-levels/missing",
        severity=Severity.WARN,
        title="An internal API and a process have a service level",
        check=missing,
        needs=attrgetter("unread_levels"),
    ),
    Rule(
        code="service-levels/unreadable",
        severity=Severity.WARN,
        title="A service level is a number with a unit",
        check=unreadable,
        needs=attrgetter("unread_levels"),
    ),
    Rule(
        code="service-levels/impossible",
        severity=Severity.WARN,
        title="A service level can be kept",
        check=impossible,
    ),
    Rule(
        code="service-levels/slow-api",
        severity=Severity.INFO,
        title="An internal API answers before people notice",
        check=slow_api,
        options=SlowApiOptions(),
    ),
)
