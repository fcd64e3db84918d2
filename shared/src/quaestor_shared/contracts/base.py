"""The two kinds of Struct that cross HTTP, and the limited strings they are made of.

Requests are strict: an unknown field is the sender's mistake and is named. Replies are
tolerant: a client that is older than the service ignores the fields it does not know.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

__all__ = [
    "Digest",
    "FeatureId",
    "Reply",
    "Request",
    "ShortText",
    "Text",
    "Timestamp",
]

# msgspec compiles patterns with Python's `re`, where `$` also matches before a last newline.
FeatureId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9-]{1,63}\Z",
        description="A slug: 2 to 64 lower-case letters, digits and hyphens, no hyphen first.",
        examples=["meal-planner-v1"],
    ),
]
Digest = Annotated[
    str,
    Meta(pattern=r"^sha256:[0-9a-f]{64}\Z", description="`sha256:` and 64 hexadecimal digits."),
]
Timestamp = Annotated[
    str,
    Meta(
        description="RFC 3339, UTC, to the microsecond, for instance `2026-01-31T16:00:00.000000Z`."
    ),
]
ShortText = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=20_000)]


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client sends. Unknown fields are refused."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a service answers. Unknown fields are ignored when read."""
