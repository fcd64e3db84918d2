"""Cursors, entity tags and links."""

import base64
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor_shared.errors import InvalidInput
from quaestor_shared.service.replies import (
    cursor_of,
    etag,
    if_match_version,
    meta,
    next_link,
    page,
    read_cursor,
)
from quaestor_shared.telemetry.context import correlation_id

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
_KEYS = st.lists(_TEXTS | st.integers(-(2**53), 2**53), min_size=1)


@given(_KEYS)
def test_a_cursor_is_read_as_the_key_it_was_made_of(key: list[str | int]) -> None:
    """Whatever a list is sorted by comes back."""
    cursor = cursor_of(*key)
    assert read_cursor(cursor, tuple(map(type, key))) == tuple(key)
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&? ")


def test_no_cursor_is_the_first_page() -> None:
    """None stays None."""
    assert read_cursor(None, (int, str)) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "????",
        "\u00e9",
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"[1]").decode(),
        base64.urlsafe_b64encode(b"[1,[2]]").decode(),
        base64.urlsafe_b64encode(b"[1,null]").decode(),
        base64.urlsafe_b64encode(b'[true,"a"]').decode(),
        base64.urlsafe_b64encode(b'[1,"\\u0000"]').decode(),
        base64.urlsafe_b64encode(b'[1,"\\ud800"]').decode(),
        base64.urlsafe_b64encode(b'["a","a"]').decode(),
        base64.urlsafe_b64encode(b'[9007199254740993,"a"]').decode(),
        base64.urlsafe_b64encode(b"[" * 5_000).decode(),
        base64.urlsafe_b64encode(b"[1," + b"9" * 5_000 + b"]").decode(),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    """It is bad input, and names the parameter."""
    with pytest.raises(InvalidInput) as caught:
        read_cursor(cursor, (int, str))
    assert caught.value.details[0].field == "cursor"


@given(st.text(min_size=1), st.text(min_size=1), _KEYS)
def test_a_cursor_is_good_for_one_list(name: str, other: str, key: list[str | int]) -> None:
    """A cursor that is bound to a list is refused for another, and for none in particular."""
    _, pagination = page([0, 1], 1, lambda _: tuple(key), bound_to=name)
    kinds = tuple(map(type, key))
    assert read_cursor(pagination.next, kinds, bound_to=name) == tuple(key)
    refused = [""] if name == other else ["", other]
    for wrong in refused:
        with pytest.raises(InvalidInput) as caught:
            read_cursor(pagination.next, kinds, bound_to=wrong)
        assert caught.value.details[0].field == "cursor"


def test_a_page_counts_only_when_asked() -> None:
    """`total` is there when it was counted, also where it is 0, and not otherwise."""
    for total, shown in ((None, {}), (0, {"total": 0}), (7, {"total": 7})):
        _, pagination = page([1], 1, lambda n: (n,), total=total)
        assert msgspec.to_builtins(pagination) == {"limit": 1, "next": None, **shown}


@given(st.integers(0, 10**15 - 1))
def test_a_tag_is_read_as_its_version(version: int) -> None:
    """An ETag of ours, sent back as If-Match."""
    assert if_match_version(etag(version)) == version
    assert if_match_version(f"  {etag(version)} ") == version


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_no_condition_is_none(header: str | None) -> None:
    """`*` is fulfilled by anything that is there."""
    assert if_match_version(header) is None


@pytest.mark.parametrize(
    "header", ["", "7", '"x"', 'W/"7"', '"7", "8"', '"-1"', '"' + "9" * 16 + '"']
)
def test_a_tag_that_is_none_of_ours_is_refused(header: str) -> None:
    """Weak tags, lists and other texts are bad input."""
    with pytest.raises(InvalidInput) as caught:
        if_match_version(header)
    assert caught.value.details[0].field == "If-Match"


def test_meta_carries_the_correlation_id_of_the_request() -> None:
    """The id of the current request is in every reply."""
    token = correlation_id.set("0123456789abcdef")
    try:
        assert meta().correlation_id == "0123456789abcdef"
    finally:
        correlation_id.reset(token)


def test_the_link_to_the_next_page_keeps_the_query() -> None:
    """Filters stay, the cursor is the new one."""
    header = next_link("/v1/x?a=1%262&cursor=old&a=3", "new")["Link"]
    target, rel = header.split("; ")
    assert rel == 'rel="next"'
    assert parse_qsl(urlsplit(target.strip("<>")).query) == [
        ("a", "1&2"),
        ("a", "3"),
        ("cursor", "new"),
    ]


def test_the_last_page_has_no_link() -> None:
    """Without a cursor there is no header."""
    assert next_link("/v1/x", None) == {}
