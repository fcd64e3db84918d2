"""JSON from outside, read strictly: RFC 8259 in UTF-8, nothing twice, nothing bottomless.

msgspec keeps the last of duplicate keys, takes NUL in strings, and stops at the first fault.
So a body goes through four gates: text, depth, members, and the Struct that it has to be.
"""

import json
import math
import re
from typing import Any, NoReturn, TypeVar

import msgspec

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput, MalformedBody
from quaestor_shared.pointers import pointer, split_fault
from quaestor_shared.service import quick_json
from quaestor_shared.service.fault_search import faults_of

__all__ = ["MOST_DEPTH", "decode", "parse", "parse_loosely", "typed"]

T = TypeVar("T")
MOST_DEPTH = 64
_LONGEST_NUMBER = 400
_BOM = b"\xef\xbb\xbf"
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_HALVES = re.compile("[\ud800-\udfff]")
_NO_TEXT = re.compile("[\\0\ud800-\udfff]")
_LONG_NUMBER = re.compile(rf"[0-9]{{{_LONGEST_NUMBER}}}")


def decode(
    body: bytes, decoder: "msgspec.json.Decoder[T]", *, nul: bool = False, depth: int = MOST_DEPTH
) -> T:
    """Read a body into the decoder's type; `nul` lets strings have that character.

    `depth` is how many levels deep it may be nested.

    Raises MalformedBody for what is not JSON, InvalidInput with every fault for what is JSON
    but not of the type.
    """
    return typed(body, parse(body, nul=nul, depth=depth), decoder)


def typed(body: bytes, value: Any, decoder: "msgspec.json.Decoder[T]") -> T:  # noqa: ANN401 - a JSON value
    """Read a body, of which `value` was read already, into the decoder's type.

    Raises InvalidInput with every fault.
    """
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        faults = faults_of(value, decoder.type) or (_only_fault(error),)
        raise InvalidInput(
            f"The body does not have the form that is taken here: {_count(len(faults))}.",
            details=faults,
        ) from error


def _only_fault(error: Exception) -> ErrorDetail:
    """Tell of a fault that the schema does not see, such as bytes that are no base64."""
    fault, place = split_fault(str(error))
    return ErrorDetail(field=place, message=fault)


def parse(body: bytes, *, nul: bool = False, depth: int = MOST_DEPTH) -> Any:  # noqa: ANN401 - a JSON value
    """Read a body as plain JSON. Raises MalformedBody with the place of the fault.

    NUL is a character that JSON has and few databases take; `nul` lets it through.
    """
    value, twice = parse_loosely(body, nul=nul, depth=depth)
    if twice:
        raise MalformedBody(
            "The body has members twice; which one counts would be a guess.",
            details=[
                ErrorDetail(field=name, message="this name stands twice in one object")
                for name in twice[:100]
            ],
        )
    return value


def parse_loosely(
    body: bytes, *, nul: bool = False, depth: int = MOST_DEPTH
) -> tuple[Any, list[str]]:
    """Read a body in which names may stand twice in an object; give them beside the value.

    The last one of a name counts. Raises MalformedBody for everything else that `parse` does, from
    the JSONDecodeError where the text is no JSON.
    """
    value = quick_json.read(body, depth)
    if value is not quick_json.UNREAD:
        return value, []
    text = _text(body)
    _check_depth(text, depth)
    members = _Members()
    try:
        value = json.loads(
            text,
            object_pairs_hook=members.check,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _refusal(f"The body is not JSON: {error.msg} at {place}.") from error
    except (ValueError, RecursionError):
        _refuse(f"A number in the body has more than {_LONGEST_NUMBER} digits.")
    if "\\u" in text:
        _check_strings(value, nul=nul)
    return value, members.duplicates


def _text(body: bytes) -> str:
    if not body:
        _refuse("The body is empty; JSON is expected.")
    if body.startswith(_BOM):
        _refuse("The body starts with a byte order mark; send UTF-8 without one.")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        _refuse(f"The body is not UTF-8: byte {error.start} cannot be read.")
    if _LONG_NUMBER.search(text) and _has_long_number(text):
        _refuse(f"A number in the body has more than {_LONGEST_NUMBER} digits.")
    return text


def _has_long_number(text: str) -> bool:
    outside_strings = re.sub(r'"(?:[^"\\]|\\.)*+"', '""', text, flags=re.DOTALL)
    return _LONG_NUMBER.search(outside_strings) is not None


def _check_depth(text: str, most: int) -> None:
    if text.count("[") + text.count("{") <= most:
        return
    depth = 0
    for token in _BRACKETS.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth > most:
                _refuse(f"The body is nested more than {most} levels deep.")
        elif mark in "]}":
            depth -= 1


class _Members:
    """Notes the names that stand twice in an object."""

    def __init__(self) -> None:
        self.duplicates: list[str] = []

    def check(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self.duplicates.append(name[:100])
                seen.add(name)
        return members


def _check_strings(value: Any, *, nul: bool) -> None:  # noqa: ANN401 - a JSON value
    """Refuse NUL and lone surrogates, which only escapes can bring in."""
    bad = _HALVES if nul else _NO_TEXT
    faults: list[ErrorDetail] = []
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(((*path, key), item) for key, item in node.items())
            faults.extend(_string_faults(path, key) for key in node if bad.search(key))
        elif isinstance(node, list):
            stack.extend(((*path, index), item) for index, item in enumerate(node))
        elif isinstance(node, str) and bad.search(node):
            faults.append(_string_faults(path, node))
    if faults:
        raise MalformedBody("A string in the body is not text.", details=faults[:100])


def _string_faults(path: tuple[str | int, ...], text: str) -> ErrorDetail:
    half = _HALVES.search(text) is not None
    what = "has half of a surrogate pair" if half else "has the character NUL"
    place = pointer(path).encode("utf-8", "replace").decode()
    return ErrorDetail(field=place, message=what)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        _refuse(f"The number {digits[:40]} in the body is larger than a double can hold.")
    return number


def _no_constant(name: str) -> NoReturn:
    _refuse(f"The body is not JSON: {name} is no JSON value.")


def _refuse(message: str) -> NoReturn:
    raise _refusal(message)


def _refusal(message: str) -> MalformedBody:
    return MalformedBody(message, details=[ErrorDetail(field="", message=message)])


def _count(number: int) -> str:
    return "one fault" if number == 1 else f"{number} faults"
