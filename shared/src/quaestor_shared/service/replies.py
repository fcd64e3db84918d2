"""Small parts of replies: `meta`, cursors, entity tags."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from msgspec import UNSET

from quaestor_shared.contracts.envelopes import Meta, Pagination
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput
from quaestor_shared.telemetry.context import correlation_id

__all__ = ["cursor_of", "etag", "if_match_version", "meta", "next_link", "page", "read_cursor"]

_HIGHEST = 2**53
_NO_TEXT = re.compile("[\\0\ud800-\udfff]")
T = TypeVar("T")
_VERSION_TAG = re.compile(r'"([0-9]{1,15})"')


def meta(pagination: Pagination | None = None, *, dry_run: bool = False) -> Meta:
    """Give the `meta` of an answer to the current request."""
    return Meta(correlation_id=correlation_id.get(), pagination=pagination, dry_run=dry_run)


def cursor_of(*key: str | int) -> str:
    """Write the sort key of a page's last row as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(
    cursor: str | None, kinds: tuple[type, ...], *, bound_to: str = ""
) -> tuple[Any, ...] | None:
    """Read a cursor back into its key, one value of each kind.

    `bound_to` is what `page` was told. Raises InvalidInput for a cursor of another list, or none.
    """
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if isinstance(key, list) and bound_to:
        first, *key = key or [None]
        if first != bound_to:
            raise _foreign("The cursor was made for other filters or another sort.")
    if not isinstance(key, list) or list(map(type, key)) != list(kinds) or _too_large(key):
        raise _foreign("The cursor is none that a list of ours gave.")
    return tuple(key)


def _foreign(message: str) -> InvalidInput:
    return InvalidInput(
        message,
        details=[ErrorDetail(field="cursor", message="use `meta.pagination.next` as it is")],
    )


def _too_large(key: list[Any]) -> bool:
    """Say whether a part is no number or text that a database takes."""
    return any(
        abs(part) > _HIGHEST if isinstance(part, int) else _NO_TEXT.search(part) for part in key
    )


def etag(version: int) -> str:
    """Write a version as a strong entity tag (RFC 9110)."""
    return f'"{version}"'


def if_match_version(header: str | None) -> int | None:
    """Read `If-Match` as the version that the client saw; None for no condition or `*`.

    Raises InvalidInput for a tag that is none of ours.
    """
    if header is None or header.strip() == "*":
        return None
    match = _VERSION_TAG.fullmatch(header.strip())
    if match is None:
        raise InvalidInput(
            "If-Match must be the ETag of an earlier reply.",
            details=[ErrorDetail(field="If-Match", message='one tag such as `"7"`')],
        )
    return int(match[1])


def page(
    found: Sequence[T],
    limit: int,
    key: Callable[[T], tuple[str | int, ...]],
    *,
    bound_to: str = "",
    total: int | None = None,
) -> tuple[tuple[T, ...], Pagination]:
    """Cut a page out of rows that were read with one more than `limit`.

    `key` gives the sort key of a row; that of the last one is where the next page starts. The
    cursor is good only for the list that `bound_to` names, if it names one. `total` is the number
    of rows on all pages, where it was asked for.
    """
    bound = (bound_to,) if bound_to else ()
    following = cursor_of(*bound, *key(found[limit - 1])) if len(found) > limit else None
    counted = UNSET if total is None else total
    return tuple(found[:limit]), Pagination(limit=limit, next=following, total=counted)


def next_link(request_url: str, cursor: str | None) -> dict[str, str]:
    """Give the `Link` header (RFC 8288) of a page; none on the last page."""
    if cursor is None:
        return {}
    target, _, query = request_url.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != "cursor"]
    return {"Link": f'<{target}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}
