"""What is read quickly is what is read with care."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quaestor_shared.errors import MalformedBody
from quaestor_shared.service import quick_json, strict_json

_TEXTS = st.text(st.sampled_from('ab:[]{}",\\é😀\x00\u2028'), max_size=5)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
_PIECES = [
    '{"a":',
    '"a":1',
    "[",
    "]",
    "}",
    ",",
    '"b"',
    '"',
    "\\",
    ":",
    "1e400",
    "-0",
    " ",
    "\r\n",
    "9" * 400,
    "\xff",
    "NaN",
    "\\u0000",
    "\\u003A",
    "\\ud800",
    '"\\u00e9"',
    '"\\\\\\""',
    '"\\/"',
]


def carefully(body: bytes) -> Any:
    """Read a body as if nothing could be read quickly; give None for what is refused."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick_json, "read", lambda _body, _depth: quick_json.UNREAD)
        try:
            return [strict_json.parse(body)]
        except MalformedBody:
            return None


def same(body: bytes) -> None:
    """Check that what is read quickly is what is read with care, in type and order too."""
    value = quick_json.read(body, strict_json.MOST_DEPTH)
    if value is not quick_json.UNREAD:
        assert repr([value]) == repr(carefully(body))


@given(_VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_what_is_json_is_read_alike(value: Any, indent: int | None, escaped: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever the layout."""
    same(json.dumps(value, indent=indent, ensure_ascii=escaped).encode())


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
@example('{"a":1,"a":2}')
@example('{"a":{"b":":","b":":"}}')
@example('{"a":1,"a":"\\u003a"}')
@example('{"a":1,"\\u0061":2}')
@example('["\\"' + "[" * 65 + '\\\\",' + "[" * 64 + "]" * 65)
@example("[" * 65 + "]" * 65)
@example("[" * 64 + "]" * 64)
@example("[{" * 40)
@example("[" * 5_000 + "]" * 5_000)
def test_what_is_nearly_json_is_not_taken_for_it(text: str) -> None:
    """A name twice, too deep, too long a number, cut off: all of it is left to be refused."""
    same(text.encode("latin-1", "replace"))


def test_ordinary_texts_are_read_quickly() -> None:
    """Brackets and colons in strings, and depth below the limit, are no reason to go slowly."""
    value = {"a": ["b: [", {"c": "}{", "d": [[["deep"]]]}] * 40}
    assert quick_json.read(json.dumps(value).encode(), strict_json.MOST_DEPTH) == value
