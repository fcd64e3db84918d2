"""A schema fault in words, rendered from its kind.

jsonschema-rs puts the whole instance into `str(error)`; these messages never do.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

__all__ = ["cut", "cut_key", "describe", "expectation"]

_LONGEST = 60
_LONGEST_PATTERN = 500
_MOST_LISTED = 50
_ARTICLES = {"array": "an array", "object": "an object", "integer": "an integer", "null": "null"}


def cut(value: Any, longest: int = _LONGEST) -> str:  # noqa: ANN401 - a JSON value
    """Show a JSON value in at most `longest` characters; of a container only its kind and size."""
    if isinstance(value, dict):
        return f"an object of {len(value)} members"
    if isinstance(value, list):
        return f"an array of {len(value)} items"
    if isinstance(value, str) and len(value) > longest:
        value = value[:longest] + "…"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest + 3 else text[:longest] + "…"


def cut_key(key: str, longest: int = _LONGEST) -> str:
    """Show a property's name, cut short."""
    return key if len(key) <= longest else key[:longest] + "…"


def describe(error: "ValidationError", value: Any) -> str:  # noqa: ANN401 - a JSON value
    """Say what is wrong, what was expected, and, cut short, the value that was found."""
    kind = error.kind
    template = _TEMPLATES.get(kind.name)
    if template is None:
        return f"does not satisfy `{kind.name}`"
    return template.format(got=cut(value), **_words(error))


def expectation(error: "ValidationError") -> str | None:
    """Say what was expected, in a few words; None where the message alone can tell."""
    template = _EXPECTED.get(error.kind.name)
    return None if template is None else template.format(**_words(error))


def _words(error: "ValidationError") -> dict[str, Any]:
    facts = error.kind.as_dict()
    return {
        "limit": facts.get("limit"),
        "types": " or ".join(_ARTICLES.get(t, f"a {t}") for t in facts.get("types", ())),
        "options": _listed(facts.get("options", ())),
        "value": cut(facts.get("expected_value")),
        "prop": cut_key(str(facts.get("property"))),
        "pattern": cut_key(facts.get("pattern") or "", _LONGEST_PATTERN),
        "form": facts.get("format"),
        "multiple": facts.get("multiple_of"),
        "unexpected": _listed(facts.get("unexpected", ())),
    }


def _listed(values: Sequence[Any]) -> str:
    """Show the first values of a list, and say how many more there are."""
    shown = ", ".join(map(cut, values[:_MOST_LISTED]))
    left_out = len(values) - _MOST_LISTED
    return shown if left_out <= 0 else f"{shown}, and {left_out} more"


_EXPECTED = {
    "type": "{types}",
    "required": "a property `{prop}`",
    "enum": "one of {options}",
    "const": "{value}",
    "pattern": "a match of `{pattern}`",
    "format": "a {form}",
    "minLength": "at least {limit} characters",
    "maxLength": "at most {limit} characters",
    "minItems": "at least {limit} items",
    "maxItems": "at most {limit} items",
    "minProperties": "at least {limit} properties",
    "maxProperties": "at most {limit} properties",
    "minimum": "{limit} or more",
    "maximum": "{limit} or less",
    "exclusiveMinimum": "more than {limit}",
    "exclusiveMaximum": "less than {limit}",
    "multipleOf": "a multiple of {multiple}",
}
_TEMPLATES = {
    "type": "must be {types}, not {got}",
    "required": "`{prop}` is missing",
    "additionalProperties": "has properties that are not allowed: {unexpected}",
    "unevaluatedProperties": "has properties that are not allowed: {unexpected}",
    "enum": "must be one of {options}, not {got}",
    "const": "must be {value}, not {got}",
    "pattern": "must match `{pattern}`; {got} does not",
    "format": "must be a {form}; {got} is none",
    "minLength": "must have at least {limit} characters; {got} is shorter",
    "maxLength": "must have at most {limit} characters; it is longer",
    "minItems": "must have at least {limit} items; it has fewer",
    "maxItems": "must have at most {limit} items; it has more",
    "minProperties": "must have at least {limit} properties; it has fewer",
    "maxProperties": "must have at most {limit} properties; it has more",
    "minimum": "must be {limit} or more, not {got}",
    "maximum": "must be {limit} or less, not {got}",
    "exclusiveMinimum": "must be more than {limit}, not {got}",
    "exclusiveMaximum": "must be less than {limit}, not {got}",
    "multipleOf": "must be a multiple of {multiple}, not {got}",
    "uniqueItems": "must not repeat an item",
    "anyOf": "fits none of the forms that are taken here; it is {got}",
    "oneOf": "fits none, or more than one, of the forms that are taken here; it is {got}",
    "contains": "must contain an item of the kind that is asked for",
    "not": "must not be what it is",
    "falseSchema": "is not allowed here",
    "propertyNames": "has a property whose name is not allowed",
}
