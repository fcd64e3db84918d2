"""The time of day, as every row and event tells it. A `Clock` is injected, never called inside."""

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "utc_now"]

Clock = Callable[[], str]


def utc_now() -> str:
    """Give the present as RFC 3339 in UTC, to the microsecond: `2026-01-31T16:00:00.000000Z`."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
