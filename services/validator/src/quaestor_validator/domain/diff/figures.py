"""The figures in a text on a service level, a limit or a growth, in one unit for each measure."""

import re
from typing import NamedTuple

__all__ = ["Figure", "figures_in", "growth_in", "shown", "without_figures"]

_NUMBER = r"(?P<number>[0-9]{1,15}(?:[.,][0-9]{1,9})?)\s*"
_SECONDS = {
    "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "millisecond": 1e-3,
    "s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0,
    "h": 3_600.0, "hr": 3_600.0, "hour": 3_600.0, "d": 86_400.0, "day": 86_400.0,
    "week": 604_800.0, "month": 2_629_800.0, "year": 31_557_600.0,
}  # fmt: skip
_TIME = "|".join(sorted(_SECONDS, key=len, reverse=True))
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9}
_FIGURE = re.compile(
    rf"(?:\b(?P<quantile>p[0-9]{{1,2}}(?:\.[0-9]{{1,3}})?)\b[^0-9,;]{{0,40}}?)?"
    rf"(?P<sign>[<>≤≥]=?\s*)?{_NUMBER}"
    rf"(?:(?P<percent>%)|(?P<scale>[kKmM]?)\s*(?P<what>requests?|reqs?|calls?|queries|tokens?)?\s*"
    rf"(?:/|\bper\b|\bp(?=s\b))\s*(?:a\s+)?(?P<per>{_TIME})s?\b|(?P<time>{_TIME})s?\b)",
    re.IGNORECASE,
)
_GROWTH = re.compile(
    rf"{_NUMBER}(?P<scale>[kKmMbBgG]?)\b(?!\s*(?:{_TIME})s?\b)"
    rf"(?:.{{0,40}}?\b(?:in|within|per|after|/)\s*(?P<length>[0-9]{{1,4}})?\s*(?P<time>{_TIME})s?\b)?"
)


class Figure(NamedTuple):
    """A measure and its value: `p95` or `time` in seconds, `share` in percent, `rate` a second."""

    measure: str
    value: float


def figures_in(text: str) -> tuple[Figure, ...]:
    """Give the figures of a service level or a limit, in order."""
    found = []
    for match in _FIGURE.finditer(text):
        number = float(match["number"].replace(",", "."))
        if match["percent"]:
            found.append(Figure("share", number))
        elif match["per"]:
            scaled = number * _SCALES[match["scale"].casefold()]
            found.append(Figure("rate", scaled / _SECONDS[match["per"].casefold()]))
        else:
            measure = (match["quantile"] or "time").casefold()
            found.append(Figure(measure, number * _SECONDS[match["time"].casefold()]))
    return tuple(found)


def growth_in(text: str) -> float | None:
    """Give how many rows a second a growth such as `100k in 12 months` comes to.

    Without a time it is the number itself; None where there is no number.
    """
    match = _GROWTH.search(text)
    if match is None:
        return None
    number = float(match["number"].replace(",", ".")) * _SCALES[match["scale"].casefold()]
    if match["time"] is None:
        return number
    return number / (int(match["length"] or 1) or 1) / _SECONDS[match["time"].casefold()]


def without_figures(text: str) -> str:
    """Give what is said beside the figures."""
    return " ".join(_FIGURE.sub(" ", text).split()).casefold()


def shown(figure: Figure) -> str:
    """Write a figure in the largest unit that leaves it 1 or more."""
    if figure.measure == "share":
        return f"{figure.value:g} %"
    if figure.measure == "rate":
        for unit, seconds in (("second", 1.0), ("minute", 60.0), ("hour", 3_600.0)):
            if figure.value * seconds >= 1:
                return f"{figure.value * seconds:g} a {unit}"
        return f"{figure.value * 86_400:g} a day"
    for unit, seconds in (("h", 3_600.0), ("min", 60.0), ("s", 1.0)):
        if figure.value >= seconds:
            return f"{figure.value / seconds:g} {unit}"
    return f"{figure.value * 1e3:g} ms"
