"""The time of day, as every row and event tells it. A `Clock` is injected, never called inside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

__all__ = ["Clock", "later", "utc_now"]

Clock = Callable[[], str]


def utc_now() -> str:
    """Give the present as RFC 3339 in UTC, to the microsecond: `2026-01-31T16:00:00.000000Z`."""
    return _written(datetime.now(UTC))


def later(time: str, seconds: float) -> str:
    """Give the time that is some seconds after one of ours; before it, where they are negative."""
    return _written(datetime.fromisoformat(time) + timedelta(seconds=seconds))


def _written(time: datetime) -> str:
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")
