"""Which part of a content is asked for, and whether any of it needs to be sent (RFC 9110)."""

import re
from typing import NamedTuple

from quaestor_artifact_store.domain.content_headers import matches
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import BadRequest

__all__ = ["Conditions", "Selection", "select"]

# More digits than any size has, and few enough to be read.
_ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,30})-([0-9]{0,30})[ \t]*", re.IGNORECASE)


class Conditions(NamedTuple):
    """The headers If-None-Match, Range and If-Range, as they were sent."""

    if_none_match: str | None = None
    range: str | None = None
    if_range: str | None = None


class Selection(NamedTuple):
    """The status to answer with, and the bytes: from `start` up to `end`."""

    status: int
    start: int
    end: int


def select(conditions: Conditions, digest: str, size: int) -> Selection:
    """Select what is sent of a content: nothing (304), a part (206) or the whole (200).

    Several ranges, a malformed one, and one for another state of the content (13.1.5) are
    answered with the whole, as 14.2 allows. Raises BadRequest (416) for one behind the end.
    """
    if matches(conditions.if_none_match, digest):
        return Selection(304, 0, 0)
    whole = Selection(200, 0, size)
    # A strong comparison; a date matches nothing, since nothing here has one.
    if conditions.if_range is not None and conditions.if_range.strip() != f'"{digest}"':
        return whole
    asked = _ONE_RANGE.fullmatch(conditions.range or "")
    if asked is None:
        return whole
    return _part(asked[1], asked[2], size) or whole


def _part(first: str, last: str, size: int) -> Selection | None:
    """Read `first-last`, `first-` or `-suffix` (14.1.2); None where it means the whole."""
    if not first:
        if not last or (size == 0 and int(last) > 0):
            return None
        start, end = max(size - int(last), 0), size
    else:
        if last and int(last) < int(first):
            return None
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size:
        raise BadRequest(
            f"The content has {size} bytes and ends before the range.",
            code=ErrorCode.RANGE_NOT_SATISFIABLE,
            status=416,
            details=[ErrorDetail(field="Range", message=f"of bytes 0 to {size - 1}")]
            if size
            else [],
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    return Selection(206, start, end)
