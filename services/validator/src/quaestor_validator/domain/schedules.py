"""When something runs, as far as a sentence tells."""

import re
from functools import lru_cache

from quaestor_validator.domain.quantities.units import SECONDS, SPAN, span_of
from quaestor_validator.domain.words import listed

__all__ = ["has_schedule", "interval_of"]

_DAY = 86_400.0
_REGULAR = {
    "hourly": 3600.0,
    "nightly": _DAY,
    "daily": _DAY,
    "weekly": 7 * _DAY,
    "monthly": float(SECONDS["month"]),
    "quarterly": float(SECONDS["quarter"]),
    "yearly": float(SECONDS["y"]),
    "annually": float(SECONDS["y"]),
}
_WORDS = frozenset(_REGULAR) | frozenset(
    listed(
        "cron, cronjob, crontab, schedule, scheduled, schedules, scheduler, window, "
        "overnight, night, nights, midnight, noon, daytime, weekend, weekends, morning, "
        "evening, weekday, weekdays, periodic, periodically, regularly, monday, tuesday, "
        "wednesday, thursday, friday, saturday, sunday, mondays, tuesdays, wednesdays, "
        "thursdays, fridays, saturdays, sundays, biweekly, fortnightly, eod, every, each"
    )
)
_SPLIT = re.compile(r"[^\w:/*]+|_")
_CLOCK = re.compile(
    r"\b(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\b|\b(?:1[0-2]|[1-9]) ?[ap]m\b|@(?:daily|hourly)"
)
_CRON = re.compile(r"(?:[*0-9][0-9*/,-]* ){4}[*0-9A-Z]")
_EVERY = re.compile(rf"\b(?:every|each)\s+([0-9]{{1,4}})?\s*({SPAN})", re.IGNORECASE)
_LONGEST = 2_000


def has_schedule(text: str) -> bool:
    """Say whether a text tells when something runs: a word, a time of day, or a cron line."""
    return _has_schedule(text[:_LONGEST])


@lru_cache(maxsize=1024)
def _has_schedule(text: str) -> bool:
    text = text.lower()
    if not _WORDS.isdisjoint(_SPLIT.split(text)):
        return True
    return _CLOCK.search(text) is not None or _CRON.search(text) is not None


def interval_of(text: str) -> float | None:
    """Give the seconds from one start to the next, where a text tells of a regular one."""
    return _interval_of(text[:_LONGEST])


@lru_cache(maxsize=1024)
def _interval_of(text: str) -> float | None:
    text = text.lower()
    if match := _EVERY.search(text):
        return int(match[1] or 1) * float(SECONDS[span_of(match[2])])
    found = [_REGULAR[word] for word in _SPLIT.split(text) if word in _REGULAR]
    return min(found, default=None)
