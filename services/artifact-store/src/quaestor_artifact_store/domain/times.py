"""Times that people send, as the rows have them."""

from datetime import UTC, datetime

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["read_time"]


def read_time(text: str, field: str) -> str:
    """Give an RFC 3339 time in UTC, to the microsecond, so that it compares as text.

    Raises InvalidInput naming `field`: a time without its offset could mean any hour.
    """
    try:
        # A `+` that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not "0001" < text[:4] < "9999":
        raise InvalidInput(
            "The time cannot be read.",
            details=[
                ErrorDetail(
                    field=field,
                    message="an RFC 3339 time with its offset",
                    example="2026-01-31T16:00:00Z",
                )
            ],
        )
    utc = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return utc.replace("+00:00", "Z")
