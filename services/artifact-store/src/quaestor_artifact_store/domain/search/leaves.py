"""The places of a content that can be found: the leaves of a JSON document, the blocks of a text.

A leaf says what stands there, with its key where it has one, and where it stands: by JSON Pointer
(RFC 6901) in JSON, by the heading above it in Markdown.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

__all__ = ["Leaf", "is_json", "is_text", "leaves"]

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$")
_TEXTS = ("text/", "application/yaml", "application/toml", "application/xml")
_DEEPEST = 200  # levels: deeper JSON is found as plain text


class Leaf(NamedTuple):
    """A place and what it says. `line` counts from 1 in a text."""

    text: str
    pointer: str | None = None
    heading: str | None = None
    line: int | None = None


def is_json(media_type: str) -> bool:
    """Say whether a media type is JSON's (RFC 6839, 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def is_text(media_type: str) -> bool:
    """Say whether a media type is one of texts that people read."""
    return media_type.strip().lower().startswith(_TEXTS)


def leaves(content: bytes, media_type: str) -> list[Leaf]:
    """Give the places of a content; none of what is neither JSON nor text."""
    if is_json(media_type):
        try:
            return _of_json(msgspec.json.decode(content))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return list(_of_text(content.decode(errors="replace")))
    if is_text(media_type):
        return list(_of_text(content.decode(errors="replace")))
    return []


def _of_json(root: Any) -> list[Leaf]:  # noqa: ANN401 - a JSON value
    found: list[Leaf] = []
    if isinstance(root, dict | list):
        _walk(root, "", found)
    else:
        found.append(Leaf(_text(root), pointer=""))
    return found


def _walk(node: dict[str, Any] | list[Any], above: str, found: list[Leaf]) -> None:
    """Add the leaves below a node; written for speed, because every write comes through here."""
    if above.count("/") > _DEEPEST:
        raise RecursionError
    if isinstance(node, dict):
        for key, value in node.items():
            step = key.replace("~", "~0").replace("/", "~1")
            if isinstance(value, dict | list):
                _walk(value, f"{above}/{step}", found)
            elif value is not None:
                found.append(Leaf(f"{key}: {_text(value)}", f"{above}/{step}"))
        return
    for index, value in enumerate(node):
        if isinstance(value, dict | list):
            _walk(value, f"{above}/{index}", found)
        elif value is not None:
            found.append(Leaf(_text(value), f"{above}/{index}"))


def _text(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _of_text(text: str) -> Iterator[Leaf]:
    heading = None
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _HEADING.match(line):
            heading = found[1] or heading
        if line.strip():
            yield Leaf(line.strip(), heading=heading, line=number)
