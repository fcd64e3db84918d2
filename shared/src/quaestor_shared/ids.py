"""Keys that sort by the time they were made: UUIDv7 (RFC 9562)."""

import re

__all__ = ["is_uuid", "new_id"]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """Make a UUIDv7 in its text form."""
    from uuid_utils import uuid7

    return str(uuid7())


def is_uuid(text: str) -> bool:
    """Say whether a text has the lower-case form of a UUID."""
    return _UUID.fullmatch(text) is not None
