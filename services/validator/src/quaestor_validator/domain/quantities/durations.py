"""Spans of time in more than one unit: `1h30m`, `1 h 30 min`, `PT1H30M`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from quaestor_validator.domain.quantities.units import SECONDS, plain, span_of

__all__ = ["in_one_unit", "spans_in"]

_UNITS = (
    r"(?:weeks?|wk|w)",
    r"(?:days?|d)",
    r"(?:hours?|hrs?|h)",
    r"(?:minutes?|mins?|m)",
    r"(?:seconds?|secs?|s)",
    r"(?:milliseconds?|msecs?|ms)",
)
_PART = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s?([a-z]+)", re.IGNORECASE)
_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"
_BETWEEN = r"(?:\s?(?:(?<=[a-z]{3}\s)and\s)?(?=[0-9]))?"
# The units come in order, the larger first, each once; what stands alone is no compound.
_COMPOUND = (
    r"(?<![\w.,])(?=[0-9.]{1,9}\s?[a-z]{1,12}\s?(?:and\s)?[0-9])"
    + "".join(rf"(?:{_NUMBER}\s?{unit}(?![a-z]){_BETWEEN})?" for unit in _UNITS)
    + r"(?<=[a-z])(?!\w)"
)
_ISO = (
    r"(?<!\w)P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?"
    r"(?<=[DHMS])(?!\w)"
)
_SPAN = re.compile(rf"(?P<iso>{_ISO})|(?P<compound>{_COMPOUND})", re.IGNORECASE)


def in_one_unit(text: str) -> str:
    """Write each span of several units, or in the form of ISO 8601, in its smallest unit alone."""
    done, parts = 0, []
    for start, end, span in spans_in(text):
        parts += [text[done:start], span]
        done = end
    return "".join([*parts, text[done:]])


def spans_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Give where such spans start and end, and the same in one unit: "90min" for "1h30m"."""
    for match in _SPAN.finditer(text):
        if match["iso"]:
            units = ("d", "h", "min", "s")
            numbers = zip(match.groups()[1:5], units, strict=True)
            parts = [(Decimal(number), unit) for number, unit in numbers if number]
        else:
            found = _PART.findall(match["compound"])
            parts = [(Decimal(number), span_of(unit)) for number, unit in found]
        if parts:
            yield match.start(), match.end(), _sum(parts)


def _sum(parts: list[tuple[Decimal, str]]) -> str:
    smallest = parts[-1][1]
    seconds = sum((number * SECONDS[unit] for number, unit in parts), Decimal())
    return f"{plain(seconds / SECONDS[smallest])}{smallest}"
