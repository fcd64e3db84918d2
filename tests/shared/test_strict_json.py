"""JSON from outside is read strictly, and its faults are named with their places."""

import json
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from quaestor_shared.errors import InvalidInput, MalformedBody
from quaestor_shared.service.strict_json import MOST_DEPTH, decode, parse


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a body."""

    count: Annotated[int, Meta(ge=1)]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body."""

    name: str
    items: tuple[Item, ...] = ()
    note: str | None = None


_BODY = msgspec.json.Decoder(Body)
_TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
)


@given(_VALUES, st.booleans())
def test_what_was_written_is_read(value: object, ascii_only: bool) -> None:  # noqa: FBT001 - hypothesis passes it
    """Any JSON value comes back as it was sent, escaped or not."""
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """Whatever is sent, the outcome is a value or a MalformedBody."""
    try:
        parse(body)
    except MalformedBody as error:
        assert error.details


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\xff"}', "byte 7"),
        (b'{"a": 1', "line 1, column 8"),
        (b"\n  nope", "line 2, column 3"),
        (b"[NaN]", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-1e999]", "-1e999"),
        (b"[" + b"1" * 500 + b"]", "more than 400 digits"),
        (b"[0." + b"1" * 500 + b"]", "more than 400 digits"),
        (b"[" * (MOST_DEPTH + 1), "nested more than"),
        (b"[" * 100_000 + b"]" * 100_000, "nested more than"),
    ],
)
def test_the_message_says_what_cannot_be_read(body: bytes, words: str) -> None:
    """A person can find the place in what they sent."""
    with pytest.raises(MalformedBody) as caught:
        parse(body)
    assert words in caught.value.message
    assert len(caught.value.message) < 200


def test_brackets_and_digits_in_strings_do_not_count() -> None:
    """Depth and length are those of the JSON, not of its texts."""
    text = '\\"[' * 1_000 + "9" * 1_000
    assert parse(json.dumps([text]).encode()) == [text]


def test_the_deepest_that_is_taken_is_taken() -> None:
    """The limit itself is within."""
    assert parse(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH)


def test_names_that_stand_twice_are_all_named() -> None:
    """Duplicates are found on every level, escaped ones too."""
    with pytest.raises(MalformedBody) as caught:
        parse(b'{"a": {"b": 1, "\\u0062": 2}, "c": 0, "c": 0}')
    assert sorted(detail.field for detail in caught.value.details) == ["b", "c"]


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udc00x", "a\\udfff"])
def test_strings_that_are_no_text_are_found_at_their_place(text: str) -> None:
    """NUL and half surrogate pairs are refused, as values and as names."""
    with pytest.raises(MalformedBody) as caught:
        parse(f'{{"a": ["x", "{text}"], "{text}": 1}}'.encode())
    assert "/a/1" in [detail.field for detail in caught.value.details]
    assert len(caught.value.details) == 2


def test_nul_is_let_through_where_it_is_asked_for() -> None:
    """It is a character of JSON; half a surrogate pair is none of any text."""
    assert parse(b'{"\\u0000": "\\u0000"}', nul=True) == {"\0": "\0"}
    with pytest.raises(MalformedBody):
        parse(b'"\\u0000\\ud800"', nul=True)


def test_a_surrogate_pair_is_one_character() -> None:
    """An escaped pair is text."""
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_a_good_body_becomes_its_struct() -> None:
    """The strict path gives what msgspec gives."""
    body = b'{"name": "a", "items": [{"count": 2}]}'
    assert decode(body, _BODY) == Body(name="a", items=(Item(count=2),))


def test_every_fault_is_named_with_its_place() -> None:
    """Wrong types, unknown and missing fields, limits: all at once."""
    body = b'{"items": [{"count": 0}, {"count": "1"}, {"what": 1}], "note": 4, "a/b": 1}'
    with pytest.raises(InvalidInput) as caught:
        decode(body, _BODY)
    assert {(d.field, d.code) for d in caught.value.details} == {
        ("", "required"),
        ("/items/0/count", "minimum"),
        ("/items/1/count", "type"),
        ("/items/2", "required"),
        ("/items/2/what", "unknown_field"),
        ("/note", "type"),
        ("/a~1b", "unknown_field"),
    }


def test_the_number_of_faults_is_bounded() -> None:
    """Of a thousand faults a hundred are named."""
    body = json.dumps({"name": "a", "items": [{"count": 0}] * 1_000}).encode()
    with pytest.raises(InvalidInput) as caught:
        decode(body, _BODY)
    assert len(caught.value.details) == 100


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"x"'])
def test_another_kind_of_value_is_one_fault(body: bytes) -> None:
    """The place is the whole body."""
    with pytest.raises(InvalidInput) as caught:
        decode(body, _BODY)
    assert [(d.field, d.code) for d in caught.value.details] == [("", "type")]
