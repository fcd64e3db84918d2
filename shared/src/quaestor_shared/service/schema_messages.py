"""A schema fault in words, rendered from its kind.

jsonschema-rs puts the whole instance into `str(error)`; these messages never do.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from quaestor_shared.service.json_values import difference, equal_items
from quaestor_shared.service.shown import a, counted, cut, cut_key, listed, outline

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

__all__ = ["cut", "cut_key", "describe", "expectation"]

_LONGEST_PATTERN = 500
_COUNTED = {"Length": "character", "Items": "item", "Properties": "property"}


def describe(
    error: "ValidationError",
    value: Any,  # noqa: ANN401 - a JSON value
    facts: Mapping[str, Any] | None = None,
) -> str:
    """Say what is wrong, what was expected, and, cut short, the value that was found.

    `facts` are what the error's kind says, where the caller has them already.
    """
    name = error.kind.name
    template = _TEMPLATES.get(name)
    if template is None:
        return f"does not satisfy `{name}`; it is {cut(value)}"
    words = _words(error, facts)
    if name == "const" and isinstance(value, dict | list):
        wanted = error.kind.as_dict() if facts is None else facts
        template = "must be {value}; {difference}"
        words["difference"] = difference(wanted["expected_value"], value)
    elif name == "uniqueItems":
        words["equal"] = equal_items(value)
    size = len(value) if isinstance(value, str | list | dict) else 0
    return template.format(got=cut(value), size=size, **words)


def expectation(error: "ValidationError", facts: Mapping[str, Any] | None = None) -> str | None:
    """Say what was expected, in a few words; None where the message alone can tell."""
    template = _EXPECTED.get(error.kind.name)
    return None if template is None else template.format(**_words(error, facts))


def _words(error: "ValidationError", facts: Mapping[str, Any] | None) -> dict[str, Any]:
    if facts is None:
        facts = error.kind.as_dict()
    limit = facts.get("limit", 0)
    noun = next((n for end, n in _COUNTED.items() if error.kind.name.endswith(end)), "")
    return {
        "limit": limit,
        "count": counted(limit, noun),
        "types": " or ".join(map(a, facts.get("types", ()))),
        "options": listed(facts.get("options", ())),
        "value": outline(facts.get("expected_value")),
        "schema": outline(facts.get("schema")),
        "prop": cut_key(str(facts.get("property"))),
        "pattern": cut_key(facts.get("pattern") or "", _LONGEST_PATTERN),
        "form": a(facts.get("format") or ""),
        "multiple": facts.get("multiple_of"),
        "unexpected": listed([cut_key(each) for each in facts.get("unexpected", ())]),
        "media": facts.get("content_media_type"),
        "encoding": facts.get("content_encoding"),
    }


_EXPECTED = {
    "type": "{types}",
    "required": "a property `{prop}`",
    "additionalProperties": "no other properties",
    "unevaluatedProperties": "no other properties",
    "unevaluatedItems": "no other items",
    "enum": "one of {options}",
    "const": "{value}",
    "pattern": "a match of `{pattern}`",
    "format": "{form}",
    "minLength": "at least {count}",
    "maxLength": "at most {count}",
    "minItems": "at least {count}",
    "maxItems": "at most {count}",
    "additionalItems": "at most {count}",
    "minProperties": "at least {count}",
    "maxProperties": "at most {count}",
    "minimum": "{limit} or more",
    "maximum": "{limit} or less",
    "exclusiveMinimum": "more than {limit}",
    "exclusiveMaximum": "less than {limit}",
    "multipleOf": "a multiple of {multiple}",
    "uniqueItems": "no item twice",
    "not": "what does not fit `{schema}`",
    "falseSchema": "nothing",
    "contentMediaType": "a text in `{media}`",
    "contentEncoding": "a text in `{encoding}`",
}
_TEMPLATES = {
    "type": "must be {types}, not {got}",
    "required": "`{prop}` is missing",
    "additionalProperties": "has properties that are not allowed: {unexpected}",
    "unevaluatedProperties": "has properties that are not allowed: {unexpected}",
    "unevaluatedItems": "has items that are not allowed: {unexpected}",
    "enum": "must be one of {options}, not {got}",
    "const": "must be {value}, not {got}",
    "pattern": "must match `{pattern}`; {got} does not",
    "format": "must be {form}; {got} is none",
    "minLength": "must have at least {count}, not {size}",
    "maxLength": "must have at most {count}, not {size}",
    "minItems": "must have at least {count}, not {size}",
    "maxItems": "must have at most {count}, not {size}",
    "additionalItems": "must have at most {count}, not {size}",
    "minProperties": "must have at least {count}, not {size}",
    "maxProperties": "must have at most {count}, not {size}",
    "minimum": "must be {limit} or more, not {got}",
    "maximum": "must be {limit} or less, not {got}",
    "exclusiveMinimum": "must be more than {limit}, not {got}",
    "exclusiveMaximum": "must be less than {limit}, not {got}",
    "multipleOf": "must be a multiple of {multiple}, not {got}",
    "uniqueItems": "must not repeat an item: {equal}",
    "anyOf": "fits none of the forms that are taken here; it is {got}",
    "oneOf": "fits none, or more than one, of the forms that are taken here; it is {got}",
    "contains": "does not contain as many items of a kind as are asked for; it is {got}",
    "not": "must not fit `{schema}`, as {got} does",
    "falseSchema": "is not allowed here; it is {got}",
    "propertyNames": "has a property whose name is not allowed",
    "contentMediaType": "must be a text in `{media}`; {got} is none",
    "contentEncoding": "must be a text in `{encoding}`; {got} is none",
}
