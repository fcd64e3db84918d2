"""JSON read at the speed of msgspec, where that is certain to be the same as read strictly.

msgspec keeps the last of duplicate keys, takes half surrogates and NUL, and numbers and depths
without a limit. Where a few looks at the bytes rule these out, its value is as good as one that
was read with care; otherwise there is none, and `strict_json` reads the text again.
"""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

__all__ = ["UNREAD", "read", "read_as"]

T = TypeVar("T")
UNREAD: Final = object()
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))
# Escapes of what is no text, and of the colon, because colons are counted.
_CAREFUL = re.compile(rb"\\u(?:0000|[dD]|003[aA])")
# Looking for a run of one byte takes an eighth of the time that a pattern for digits takes, and
# of a run of 400 every fortieth byte is a run of ten.
_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 400
_STEP = 40
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def read(body: bytes, most_depth: int) -> Any:  # noqa: ANN401 - a JSON value
    """Give the value of a text, or UNREAD for one that has to be read with care."""
    if not _is_shallow(body, most_depth):
        return UNREAD
    return _read(body, _decode)


def read_as(
    body: bytes,
    decoder: "msgspec.json.Decoder[T]",
    open_part: Callable[[T], Any],
    most_depth: int,
) -> T | None:
    """Read a text into the decoder's type, a Struct without defaults that forbids unknown fields.

    `open_part` gives what the type leaves open, which alone can be nested deeply: by `most_depth`
    less the levels above it. None where the text does not fit, or has to be read with care.
    """
    value: T = _read(body, decoder.decode)
    if value is UNREAD or not _is_shallow(_encode(open_part(value)), most_depth):
        return None
    return value


def _read(body: bytes, decode: Callable[[bytes], Any]) -> Any:  # noqa: ANN401 - a JSON value
    if (b"\\" in body and _CAREFUL.search(body)) or _has_long_number(body):
        return UNREAD
    try:
        value = decode(body)
        # A name that stood twice is gone from the value, and its colon with it.
        return value if _encode(value).count(b":") == body.count(b":") else UNREAD
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNREAD


def _has_long_number(body: bytes) -> bool:
    some = body[::_STEP].translate(_AS_ZEROS)
    return _LONG_NUMBER[::_STEP] in some and _LONG_NUMBER in body.translate(_AS_ZEROS)


def _is_shallow(text: bytes, most: int) -> bool:
    """Say whether brackets outside of strings are nested no deeper."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = text.translate(None, _NOT_STRUCTURE)
    if marks.count(b"[") + marks.count(b"{") <= most:
        return True
    left = b"".join(marks.split(b'"')[::2])
    for _ in range(most):
        if not left:
            return True
        left = left.replace(b"[]", b"").replace(b"{}", b"")
    return not left
