"""Values, names and counts as messages show them: cut short, in words."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["a", "counted", "cut", "cut_key", "either", "listed", "outline"]

_LONGEST = 60
_MOST_LISTED = 50
_LIKE_CONSONANTS = ("uri", "url", "uuid")
_NOUNS = {"property": "properties"}


def cut(value: Any, longest: int = _LONGEST) -> str:  # noqa: ANN401 - a JSON value
    """Show a JSON value in at most `longest` characters; of a container only its kind and size."""
    if isinstance(value, dict):
        return f"an object of {counted(len(value), 'member')}"
    if isinstance(value, list):
        return f"an array of {counted(len(value), 'item')}"
    if isinstance(value, str) and len(value) > longest:
        value = value[:longest] + "…"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest + 3 else text[:longest] + "…"


def cut_key(key: str, longest: int = _LONGEST) -> str:
    """Show a property's name, cut short."""
    return key if len(key) <= longest else key[:longest] + "…"


def outline(value: Any) -> str:  # noqa: ANN401 - a JSON value
    """Show a part of a schema as JSON, cut short; no more of it is written than is shown."""
    if not isinstance(value, dict | list):
        return cut(value)
    text = ""
    for part in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += part[: _LONGEST + 1]
        if len(text) > _LONGEST:
            return text[:_LONGEST] + "…"
    return text


def listed(values: Sequence[Any], most: int = _MOST_LISTED) -> str:
    """Show each value of a list once, the first ones, and say how many more there are."""
    shown = list(dict.fromkeys(map(outline, values[: most * 20])))
    left_out = max(0, len(shown) - most) + max(0, len(values) - most * 20)
    text = ", ".join(shown[:most])
    return text if left_out <= 0 else f"{text}, and {left_out} more"


def counted(number: float, noun: str) -> str:
    """Count in words: "1 item", "2 items"."""
    return f"{number} {noun}" if number == 1 else f"{number} {_NOUNS.get(noun, noun + 's')}"


def a(noun: str) -> str:
    """Put the article before a type's or a format's name."""
    if noun == "null":
        return noun
    vowel = noun[:1] in tuple("aeiou") and not noun.startswith(_LIKE_CONSONANTS)
    return f"an {noun}" if vowel else f"a {noun}"


def either(parts: Iterable[str], most: int) -> str:
    """Join what is to choose from, of much the first."""
    distinct = list(dict.fromkeys(parts))
    more = [f"{len(distinct) - most} more"] if len(distinct) > most else []
    return " or ".join([*distinct[:most], *more])
