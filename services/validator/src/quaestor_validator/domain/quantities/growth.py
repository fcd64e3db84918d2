"""Expected growth: an amount, and the span of time in which it comes together.

The usual form is that of the source document: "100k in 12 months".
"""

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec

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

__all__ = ["Growth", "GrowthKind", "growth_of", "write_growth", "yearly_of"]


class GrowthKind(StrEnum):
    """What the amount counts."""

    ROWS = "rows"
    BYTES = "bytes"
    PERCENT = "percent"
    RATIO = "ratio"
    FIXED = "fixed"


_A_YEAR = {unit: float(SECONDS["y"] / seconds) for unit, seconds in SECONDS.items()}


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """An amount in a span of time; `span` counts `unit`s, and both are absent where none is said.

    RATIO is an amount for each of something else ("4 per user"), FIXED what does not grow.
    """

    kind: GrowthKind
    amount: Decimal = Decimal(0)
    span: Decimal | None = None
    unit: str | None = None

    @property
    def a_year(self) -> float | None:
        """Give what comes together in a year; None without a span, and for what is no count."""
        if self.kind is GrowthKind.FIXED:
            return float(self.amount)
        if self.span is None or self.unit is None or self.span == 0:
            return None
        if self.kind not in (GrowthKind.ROWS, GrowthKind.BYTES):
            return None
        return float(self.amount) / float(self.span) * _A_YEAR[self.unit]


_BYTES = {"kb": 3, "mb": 6, "gb": 9, "tb": 12, "pb": 15}
_AMOUNT = re.compile(
    rf"""(?P<number>{NUMBER})\+?\s*(?:
        (?P<percent>%|percent\b)
      | (?P<bytes>[kmgtp]i?b)\b
      | (?P<multiple>{MULTIPLE}) )?\+?""",
    re.IGNORECASE | re.VERBOSE,
)
_IN = re.compile(
    rf"""(?:\s*[a-z]+){{0,4}}?\s*(?:
        (?:\b(?:in|within|over|after|by|for|per|every|each|an?)\b|/)\s*(?:the\s+(?:first|next)\s+)?
        (?P<span>[0-9]{{1,4}})?\s*(?P<unit>{SPAN})
      | (?P<adverb>daily|weekly|monthly|quarterly|yearly|annually|hourly)\b )""",
    re.IGNORECASE | re.VERBOSE,
)
_EACH = re.compile(
    r"(?:\s*[a-z]{1,30}(?![a-z])){0,3}?\s*(?:\b(?:per|for each|for every|each)\b|/)", re.IGNORECASE
)
_ADVERBS = {
    "hourly": "h",
    "daily": "d",
    "weekly": "w",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "y",
    "annually": "y",
}
_WORDS = {
    "us": "us",
    "ms": "ms",
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
    "month": "months",
    "quarter": "quarters",
    "y": "years",
}
_FIXED = re.compile(
    r"\b(?:none|static|fixed|constant|stable|bounded|negligible|no growth|does not grow"
    r"|(?:hardly|rarely|barely) (?:grows|changes))\b",
    re.IGNORECASE,
)
_DOUBLES = re.compile(rf"\bdoubl(?:es|ing)\b{_IN.pattern}", re.IGNORECASE | re.VERBOSE)


def growth_of(text: str) -> Growth | None:
    """Find the growth that a text speaks of: the first amount with a span of time, else the first.

    None where it has no figure and does not say that nothing grows.
    """
    return _growth_of(text[:LONGEST])


@lru_cache(maxsize=4096)
def _growth_of(text: str) -> Growth | None:
    text = head_of(text)
    first: Growth | None = None
    for amount in _AMOUNT.finditer(text):
        growth = _read(amount, text)
        if growth.span is not None:
            return growth
        first = first or growth
    if first is not None:
        return first
    if doubles := _DOUBLES.search(text):
        return _spanned(Growth(kind=GrowthKind.PERCENT, amount=Decimal(100)), doubles)
    return Growth(kind=GrowthKind.FIXED) if _FIXED.search(text) else None


def yearly_of(text: str) -> tuple[GrowthKind, float] | None:
    """Give what comes together in a year, and what it counts; None where that is not told."""
    return _yearly_of(text[:LONGEST])


@lru_cache(maxsize=4096)
def _yearly_of(text: str) -> tuple[GrowthKind, float] | None:
    growth = growth_of(text)
    amount = growth.a_year if growth else None
    return None if growth is None or amount is None else (growth.kind, amount)


def write_growth(growth: Growth) -> str:
    """Write growth in its usual form: "100000 in 12 months"."""
    if growth.kind is GrowthKind.FIXED:
        return "fixed"
    if growth.kind is GrowthKind.RATIO:
        return f"{plain(growth.amount)} per item"
    amount = plain(growth.amount)
    if growth.kind is GrowthKind.BYTES:
        amount = f"{plain(growth.amount / 1000)} kB"
    elif growth.kind is GrowthKind.PERCENT:
        amount += "%"
    if growth.span is None or growth.unit is None:
        return amount
    return f"{amount} in {plain(growth.span)} {_WORDS[growth.unit]}"


def _read(amount: "re.Match[str]", text: str) -> Growth:
    number = number_of(amount["number"], amount["multiple"])
    kind = GrowthKind.PERCENT if amount["percent"] else GrowthKind.ROWS
    if amount["bytes"]:
        kind = GrowthKind.BYTES
        number *= 10 ** _BYTES[amount["bytes"].lower().replace("i", "")]
    growth = Growth(kind=kind, amount=number)
    if spanned := _IN.match(text, amount.end()):
        return _spanned(growth, spanned)
    if kind is GrowthKind.ROWS and _EACH.match(text, amount.end()):
        return msgspec.structs.replace(growth, kind=GrowthKind.RATIO)
    return growth


def _spanned(growth: Growth, match: "re.Match[str]") -> Growth:
    unit = _ADVERBS[match["adverb"].lower()] if match["adverb"] else span_of(match["unit"])
    return msgspec.structs.replace(growth, span=Decimal(match["span"] or 1), unit=unit)
