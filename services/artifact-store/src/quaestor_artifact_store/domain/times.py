"""Times that people send, as the rows have them: in UTC, to the microsecond, to compare as text."""

import re
from datetime import UTC, datetime

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["read_time", "read_times"]

# RFC 3339, 5.6; it allows lower-case letters, and any number of digits after the point. A second
# 60 is left out: no row has one.
_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?"
    r"([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


def read_time(text: str, field: str) -> str:
    """Give an RFC 3339 time as the rows have it; what is finer than a microsecond is cut off.

    Raises InvalidInput naming `field`: a time without its offset could mean any hour.
    """
    (read,) = read_times(**{field: text})
    return read or ""


def read_times(**given: str | None) -> list[str | None]:
    """Read times by the names of their fields. Raises InvalidInput naming each that is none."""
    read = {field: _read(text) for field, text in given.items() if text is not None}
    if None in read.values():
        raise InvalidInput(
            "The time cannot be read.",
            details=[
                ErrorDetail(
                    field=field,
                    message="an RFC 3339 time with its offset",
                    example="2026-01-31T16:00:00Z",
                )
                for field, time in read.items()
                if time is None
            ],
        )
    return [read.get(field) for field in given]


def _read(text: str) -> str | None:
    # A `+` that was not percent-encoded arrives as a space.
    match = _RFC_3339.fullmatch(text.strip().replace(" ", "+"))
    if match is None:
        return None
    day, time, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        moment = datetime.fromisoformat(f"{day}T{time}.{(fraction or '')[:6]:0<6}{zone}")
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or none that every year has a place for
        return None
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
