"""JSON documents in files: read strictly, and the places in them."""

import json
from itertools import islice
from json import JSONDecodeError
from pathlib import Path

from quaestor_cli.refusals import name_of, refusal, unreadable
from quaestor_shared.contracts.errors import ErrorCode
from quaestor_shared.errors import InvalidInput, MalformedBody
from quaestor_shared.pointers import pointer
from quaestor_shared.service import strict_json

__all__ = ["Mark", "mark_in", "place_in", "read_document", "read_text", "read_unambiguous"]

Mark = tuple[int, int, int, int]  # line and column of the first character, and behind the last
_MOST = 100  # faults that are told


def read_text(file: Path) -> str:
    """Read a text, its line ends as they are. Raises InvalidInput that names the file."""
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from error


def read_document(file: Path) -> str:
    """Read a JSON document; names may stand twice in it. Raises InvalidInput with each place."""
    text = read_text(file)
    try:
        strict_json.parse_loosely(text.encode(), nul=True)
    except MalformedBody as error:
        raise _refused(file, text, error) from error
    return text


def read_unambiguous(file: Path) -> str:
    """Read a JSON document in which no name may stand twice. Raises InvalidInput."""
    from quaestor_validator.domain.positions import Lines, duplicate_keys

    text = read_document(file)
    lines = Lines(text)
    faults = [
        (
            _place(file, *lines.at(place.start), pointer(path)),
            f"this name stands twice in one object, first in line {lines.at(first.start)[0]}",
        )
        for path, first, place in islice(duplicate_keys(text), _MOST)
    ]
    if faults:
        what = "has members twice; which one counts would be a guess."
        raise refusal(file, what, faults, code=ErrorCode.MALFORMED_BODY)
    return text


def _refused(file: Path, text: str, error: MalformedBody) -> InvalidInput:
    cause = error.__cause__
    if isinstance(cause, JSONDecodeError):
        faults = [(_place(file, cause.lineno, cause.colno), cause.msg)]
    elif any(detail.field for detail in error.details):
        faults = [(place_in(file, text, each.field), each.message) for each in error.details]
    else:
        faults = [(_place(file, 1, 1), error.message)]
    return refusal(file, "is no JSON that is taken.", faults, code=ErrorCode.MALFORMED_BODY)


def place_in(file: Path, text: str, pointer: str) -> str:
    """Write the place of a pointer into a JSON text: file, line, column, and the pointer."""
    line, column, _, _ = mark_in(text, pointer)
    return _place(file, line, column, pointer)


def mark_in(text: str, pointer: str, *, key: bool = False) -> Mark:
    """Give the place of a value in a JSON text, or of its `key`.

    Of what is not there, it is the place of what it would be in.
    """
    from quaestor_validator.domain.found import steps_of
    from quaestor_validator.domain.positions import Lines, find

    path = steps_of(pointer, json.loads(text))
    spots = find(text, [path])
    while path not in spots:
        path, key = path[:-1], False
    spot = spots[path]
    place = spot.key if key and spot.key is not None else spot.value
    lines = Lines(text)
    return *lines.at(place.start), *lines.at(place.end)


def _place(file: Path, line: int, column: int, pointer: str = "") -> str:
    return f"{name_of(file)}:{line}:{column} {pointer}".rstrip()
