"""Service levels: latency, completion, uptime, throughput and a few more.

The forms are those of the source documents ("p95 < 200ms", "99.9% uptime", "finish < 2h",
"50 requests/min") and what people write beside them ("99% of requests < 300ms", "done by 06:00").
"""

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec

from quaestor_validator.domain.quantities.durations import in_one_unit
from quaestor_validator.domain.quantities.units import (
    LONGEST,
    MULTIPLE,
    NUMBER,
    SECONDS,
    SPAN,
    head_of,
    number_of,
    plain,
    span_of,
)

__all__ = ["Measure", "ServiceLevel", "service_levels_of", "write_service_level"]


class Measure(StrEnum):
    """What a service level is about."""

    LATENCY = "latency"
    COMPLETION = "completion"
    DEADLINE = "deadline"
    RECOVERY = "recovery"
    UPTIME = "uptime"
    ERROR_RATE = "error rate"
    THROUGHPUT = "throughput"


class ServiceLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its unit.

    `unit` is a span of time (`ms`, `h`), `%`, or a rate (`/s`, `/min`); of a deadline it is
    `clock`, and `amount` counts minutes since midnight. `quantile` is the 95 of "p95".
    """

    measure: Measure
    amount: Decimal
    unit: str
    quantile: Decimal | None = None

    @property
    def seconds(self) -> float | None:
        """Give a span of time in seconds; None for what is none."""
        factor = SECONDS.get(self.unit)
        return None if factor is None else float(self.amount * factor)

    @property
    def per_second(self) -> float | None:
        """Give a rate as a number a second; None for what is no rate."""
        factor = SECONDS.get(self.unit[1:]) if self.unit.startswith("/") else None
        return None if factor is None else float(self.amount / factor)


_FIGURE = re.compile(
    rf"""(?P<number>{NUMBER})\+?\s*(?P<multiple>{MULTIPLE}(?!\s*(?:/|$)))?\+?\s*(?:
        (?P<percent>%|percent\b|pct\b)
      | (?P<each>rps|qps|tps)\b
      | (?:[a-z]{{1,20}}\s+){{0,2}}[a-z]{{0,20}}\s*(?:/|\bper\b|\ban?\b|\beach\b|\bevery\b)\s*
        (?P<per>{SPAN})
      | (?P<span>{SPAN}))""",
    re.IGNORECASE | re.VERBOSE,
)
_QUANTILE = re.compile(
    rf"\bp([0-9]{{2,3}}(?:\.[0-9]{{1,4}})?)\b"
    rf"|({NUMBER})(?:st|nd|rd|th)?[ -]+percentile\b|\b(median)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:by|before|until)\s+([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?\s*(am|pm)?\b", re.IGNORECASE
)
_MEANING = (
    (Measure.RECOVERY, re.compile(r"\b(?:rto|rpo|recover\w*|restor\w*)", re.IGNORECASE)),
    (Measure.COMPLETION, re.compile(r"\b(?:finish|complet|done|end[s ]|ready)", re.IGNORECASE)),
)
_ERRORS = re.compile(r"\b(?:error|fail|[45]xx\b)", re.IGNORECASE)
_PARTED = re.compile(r"[,;]|\band\b", re.IGNORECASE)
_SHARE = re.compile(r"\s*(?:of|under|below|faster)\b", re.IGNORECASE)
# A share of requests, or of runs, where the time after it is one that they take.
_WITHIN = re.compile(r"\s*(?:(?:within|in)\b|<|≤)\s*=?\s*", re.IGNORECASE)


def service_levels_of(text: str) -> tuple[ServiceLevel, ...]:
    """Find every figure with a unit in a text, in order; none means that it cannot be measured."""
    return _service_levels_of(text[:LONGEST])


@lru_cache(maxsize=1024)
def _service_levels_of(text: str) -> tuple[ServiceLevel, ...]:
    text = in_one_unit(head_of(text))
    figures = list(_FIGURE.finditer(text))
    levels: list[ServiceLevel] = []
    share: Decimal | None = None
    for index, figure in enumerate(figures):
        ends = figures[index - 1].end() if index else 0
        begins = figures[index + 1].start() if figures[index + 1 :] else len(text)
        before = _PARTED.split(text[ends : figure.start()])[-1]
        after = _PARTED.split(text[figure.end() : begins])[0]
        amount = number_of(figure["number"], figure["multiple"])
        if figure["percent"] and _is_share(after, *figures[index + 1 : index + 2]):
            share = amount
            continue
        levels.append(_level(figure, amount, before, after, share))
        share = None
    return tuple(levels) or _deadline(text)


def _is_share(after: str, following: "re.Match[str] | None" = None) -> bool:
    """Say whether a percentage is that of what takes a time: of months it is an uptime."""
    if _SHARE.match(after):
        return True
    span = following["span"] if following and _WITHIN.fullmatch(after) else None
    return span is not None and SECONDS[span_of(span)] <= SECONDS["h"]


def write_service_level(level: ServiceLevel) -> str:
    """Write a service level in its usual form: "p95 < 200ms", "finish < 2h", "99.9% uptime"."""
    if level.measure is Measure.DEADLINE:
        hours, minutes = divmod(int(level.amount), 60)
        return f"done by {hours:02}:{minutes:02}"
    figure = f"{plain(level.amount)}{level.unit}"
    quantile = "" if level.quantile is None else f"p{plain(level.quantile)} "
    match level.measure:
        case Measure.UPTIME:
            return f"{figure} uptime"
        case Measure.ERROR_RATE:
            return f"error rate < {figure}"
        case Measure.THROUGHPUT:
            return f"{plain(level.amount)} requests{level.unit}"
        case Measure.COMPLETION:
            return f"{quantile}finish < {figure}"
        case Measure.RECOVERY:
            return f"{quantile}RTO < {figure}"
        case _:
            return f"{quantile}< {figure}"


def _level(
    figure: "re.Match[str]", amount: Decimal, before: str, after: str, share: Decimal | None
) -> ServiceLevel:
    if figure["percent"]:
        errors = _ERRORS.search(before) or _ERRORS.search(after)
        measure = Measure.ERROR_RATE if errors else Measure.UPTIME
        return ServiceLevel(measure=measure, amount=amount, unit="%")
    if figure["span"] is None:
        unit = f"/{'s' if figure['each'] else span_of(figure['per'])}"
        return ServiceLevel(measure=Measure.THROUGHPUT, amount=amount, unit=unit)
    quantile = share or _quantile(before) or _quantile(after)
    return ServiceLevel(
        measure=_meaning(before) or _meaning(after) or Measure.LATENCY,
        amount=amount,
        unit=span_of(figure["span"]),
        quantile=quantile,
    )


def _meaning(text: str) -> Measure | None:
    return next((measure for measure, word in _MEANING if word.search(text)), None)


def _quantile(text: str) -> Decimal | None:
    match = _QUANTILE.search(text)
    if match is None:
        return None
    return Decimal(50) if match[3] else number_of(match[1] or match[2])


def _deadline(text: str) -> tuple[ServiceLevel, ...]:
    match = _CLOCK.search(text)
    if match is None or not (match[2] or match[3]):
        return ()
    hours = int(match[1])
    if match[3]:
        hours = hours % 12 + (12 if match[3].lower() == "pm" else 0)
    minutes = hours * 60 + int(match[2] or 0)
    return (ServiceLevel(measure=Measure.DEADLINE, amount=Decimal(minutes), unit="clock"),)
