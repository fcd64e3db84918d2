"""Figures are read from what people write, and what is written of them reads the same."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_validator.domain.quantities import (
    Growth,
    GrowthKind,
    Measure,
    ServiceLevel,
    growth_of,
    service_levels_of,
    write_growth,
    write_service_level,
)

_AMOUNTS = st.decimals(0, 10**9, places=3).map(lambda n: n.normalize()) | st.integers(0, 10**9).map(
    Decimal
)
_SPANS = st.sampled_from(["us", "ms", "s", "min", "h", "d", "w", "month", "quarter", "y"])
_QUANTILES = st.none() | st.sampled_from([Decimal(n) for n in ("50", "90", "95", "99", "99.9")])


def _levels() -> st.SearchStrategy[ServiceLevel]:
    timed = st.builds(
        ServiceLevel,
        measure=st.sampled_from([Measure.LATENCY, Measure.COMPLETION, Measure.RECOVERY]),
        amount=_AMOUNTS,
        unit=_SPANS,
        quantile=_QUANTILES,
    )
    shares = st.builds(
        ServiceLevel,
        measure=st.sampled_from([Measure.UPTIME, Measure.ERROR_RATE]),
        amount=_AMOUNTS,
        unit=st.just("%"),
    )
    rates = st.builds(
        ServiceLevel,
        measure=st.just(Measure.THROUGHPUT),
        amount=_AMOUNTS,
        unit=_SPANS.map(lambda unit: f"/{unit}"),
    )
    deadlines = st.builds(
        ServiceLevel,
        measure=st.just(Measure.DEADLINE),
        amount=st.integers(0, 24 * 60 - 1).map(Decimal),
        unit=st.just("clock"),
    )
    return st.one_of(timed, shares, rates, deadlines)


def _growths() -> st.SearchStrategy[Growth]:
    counts = st.builds(
        Growth,
        kind=st.sampled_from([GrowthKind.ROWS, GrowthKind.PERCENT, GrowthKind.BYTES]),
        amount=st.integers(0, 10**12).map(Decimal),
        span=st.integers(1, 9999).map(Decimal),
        unit=_SPANS,
    )
    bare = st.builds(
        Growth,
        kind=st.sampled_from([GrowthKind.ROWS, GrowthKind.RATIO]),
        amount=st.integers(0, 10**12).map(Decimal),
    )
    return st.one_of(counts, bare, st.just(Growth(kind=GrowthKind.FIXED)))


@given(_levels())
def test_a_service_level_reads_as_it_was_written(level: ServiceLevel) -> None:
    """Writing and reading are inverse."""
    assert service_levels_of(write_service_level(level)) == (level,)


@given(st.lists(_levels().filter(lambda level: level.unit != "clock"), min_size=1, max_size=4))
def test_several_service_levels_stand_in_one_text(levels: list[ServiceLevel]) -> None:
    """A comma parts them."""
    text = ", ".join(map(write_service_level, levels))
    assert service_levels_of(text) == tuple(levels)


@given(_growths())
def test_growth_reads_as_it_was_written(growth: Growth) -> None:
    """Writing and reading are inverse."""
    assert growth_of(write_growth(growth)) == growth


@given(st.text(max_size=80) | st.text("0123456789.,% pms/<khin", max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Whatever stands there, it is figures or none, and figures can be written."""
    for level in service_levels_of(text):
        write_service_level(level)
    growth = growth_of(text)
    if growth is not None:
        write_growth(growth)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("p95 < 200ms", ["p95 < 200ms"]),
        ("99.9% uptime", ["99.9% uptime"]),
        ("finish < 2h", ["finish < 2h"]),
        ("99.5 % availability", ["99.5% uptime"]),
        ("P99 <= 1.5 seconds", ["p99 < 1.5s"]),
        ("200ms (p95)", ["p95 < 200ms"]),
        ("95th percentile under 1,500 ms", ["p95 < 1500ms"]),
        ("99% of requests < 300ms", ["p99 < 300ms"]),
        ("95 percent under 2 seconds", ["p95 < 2s"]),
        ("median 20ms and p99 100ms", ["p50 < 20ms", "p99 < 100ms"]),
        (
            "p95 < 200ms, 99,9% uptime; 1000+ rps",
            ["p95 < 200ms", "99.9% uptime", "1000 requests/s"],
        ),
        ("50 requests per minute", ["50 requests/min"]),
        ("10k jobs/hour", ["10000 requests/h"]),
        ("finishes within 30 minutes", ["finish < 30min"]),
        ("error rate < 0.1%", ["error rate < 0.1%"]),
        ("RTO 1h, RPO 5 min", ["RTO < 1h", "RTO < 5min"]),
        ("every morning, done by 6am", ["done by 06:00"]),
        ("finish < 1h30m", ["finish < 90min"]),
        ("finish < 1 h 30 min, p95 < 2s 500ms", ["finish < 90min", "p95 < 2500ms"]),
        ("done within 2 hours and 15 minutes", ["finish < 135min"]),
        ("PT2H", ["< 2h"]),
        ("finish < P1DT90M", ["finish < 1530min"]),
        ("RTO 1d 12h", ["RTO < 36h"]),
        ("p50 < 500ms 2s", ["p50 < 500ms", "< 2s"]),
        ("2h 50 requests/min", ["< 2h", "50 requests/min"]),
        ("p50 20ms and p99 1s and 200ms", ["p50 < 20ms", "p99 < 1s", "< 200ms"]),
        ("P95, P5M tier", []),
        ("before 23:30", ["done by 23:30"]),
        ("p95 < 200", []),
        ("fast", []),
        ("by 6", []),
        ("", []),
    ],
)
def test_service_levels_are_found_in_free_texts(text: str, written: list[str]) -> None:
    """What people vary is understood; a figure without a unit is none."""
    assert [write_service_level(level) for level in service_levels_of(text)] == written


@pytest.mark.parametrize(
    ("text", "written", "a_year"),
    [
        ("100k in 12 months", "100000 in 12 months", 100_000),
        ("about four per user, 400k in 12 months", "400000 in 12 months", 400_000),
        ("5 billion events in 2 years", "5000000000 in 2 years", 2.5e9),
        ("2k per day", "2000 in 1 days", 730_000),
        ("1,000 rows/day", "1000 in 1 days", 365_000),
        ("2k daily", "2000 in 1 days", 730_000),
        ("1.5 million users within the first year", "1500000 in 1 years", 1_500_000),
        ("10% per month", "10% in 1 months", None),
        ("doubles every year", "100% in 1 years", None),
        ("3 TB in 12 months", "3000000000 kB in 12 months", 3e12),
        ("1M", "1000000", None),
        ("4 per user", "4 per item", None),
        ("a fixed list", "fixed", 0),
        ("slowly", None, None),
        ("unknown", None, None),
    ],
)
def test_growth_is_found_in_free_texts(text: str, written: Any, a_year: Any) -> None:
    """An amount with a span of time goes before one without."""
    growth = growth_of(text)
    assert (growth and write_growth(growth)) == written
    assert (growth and growth.a_year) == (None if a_year is None else pytest.approx(a_year))


def test_units_can_be_compared() -> None:
    """Spans of time are told in seconds, rates by the second; one is not the other."""
    (latency,) = service_levels_of("p95 < 1500ms")
    (rate,) = service_levels_of("120 requests/min")
    assert (latency.seconds, latency.per_second) == (1.5, None)
    assert (rate.seconds, rate.per_second) == (None, 2)


@pytest.mark.parametrize(
    "text", ["1 " * 5000, "1" + " " * 10_000, "9" * 5000, "a" * 5000, "1a" * 999]
)
def test_a_text_that_is_hard_on_patterns_is_answered(text: str) -> None:
    """Only the first part of a text is looked at, and in one way."""
    service_levels_of(text + "x")
    growth_of(text + "x")


@pytest.mark.parametrize(
    ("text", "measure", "amount", "quantile"),
    [
        ("5xx < 0.1%", Measure.ERROR_RATE, "0.1", None),
        ("0.1% 5xx", Measure.ERROR_RATE, "0.1", None),
        ("95% within 2s", Measure.LATENCY, "2", "95"),
        ("99% in 300ms", Measure.LATENCY, "300", "99"),
        ("95% < 2s", Measure.LATENCY, "2", "95"),
        ("99.9% in 12 months", Measure.UPTIME, "99.9", None),
        ("99.9% in 12 months", Measure.UPTIME, "99.9", None),
    ],
)
def test_a_ratio_is_of_what_stands_beside_it(
    text: str, measure: Measure, amount: str, quantile: str | None
) -> None:
    """Errors by their codes, and a share by the time that it takes."""
    level = service_levels_of(text)[0]
    assert (level.measure, level.amount) == (measure, Decimal(amount))
    assert level.quantile == (None if quantile is None else Decimal(quantile))


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("900 000 000 000 in 12 months", "900000000000", "month"),
        ("5.000.000.000 in 12 months", "5000000000", "month"),
        ("5e9 in 12 months", "5000000000", "month"),
        ("2.5E6 rows per year", "2500000", "y"),
        ("5 billion per annum", "5000000000", "y"),
        ("1.500 per day", "1.500", "d"),
        ("1 500 per day", "1500", "d"),
    ],
)
def test_a_large_number_is_read_in_any_writing(text: str, amount: str, unit: str) -> None:
    """Parted by spaces or points, or with a power of ten."""
    growth = growth_of(text)
    assert growth is not None
    assert (growth.kind, growth.amount, growth.unit) == (GrowthKind.ROWS, Decimal(amount), unit)
