"""Small JSON Schemas over the common keywords, changes of them, and values to try on them."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

__all__ = ["CORPUS", "mutated", "schemas"]

_NAMES = st.sampled_from(["a", "b", "ab", "x1"])
_NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 5, 6, 10, 0.5, 1.5, -0.5])
_COUNTS = st.integers(0, 3)
_PATTERNS = st.sampled_from(["^a", "b$", "^[ab]+$", "a", "^x", "1"])
_TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
_LEAVES: list[Any] = [None, True, False, 0, 1, 2, -1, 1.5, 6, 10, "", "a", "ab", "x1", "2020-01-01"]
_VALUES = st.one_of(
    st.sampled_from(_LEAVES),
    st.lists(st.sampled_from(_LEAVES), max_size=3),
    st.dictionaries(_NAMES, st.sampled_from(_LEAVES), max_size=3),
)
_REFERENCES = st.sampled_from(["#", "#/$defs/p", "#/$defs/q"])


def _corpus() -> Iterator[Any]:
    yield from _LEAVES
    for leaf in _LEAVES:
        yield from ([leaf], [leaf, leaf], [leaf, 1], [leaf, "a", None])
        yield from ({"a": leaf}, {"b": leaf, "a": 1}, {"ab": leaf, "x1": "a"}, {"a": {"b": leaf}})
        yield from ({"a": [leaf]}, [{"a": leaf}], {"a": leaf, "b": leaf, "ab": leaf, "x1": leaf})
    yield from ([], {}, [[]], [{}], {"a": {}}, {"a": []}, {"a": {"a": {"a": 1}}}, [1, 2, 3, 4, 5])


CORPUS = list(_corpus())


def _keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(inner, min_size=1, max_size=2)
    optional = {
        "type": _TYPES | st.lists(_TYPES, min_size=1, max_size=2, unique=True),
        "minimum": _NUMBERS,
        "maximum": _NUMBERS,
        "exclusiveMinimum": _NUMBERS,
        "exclusiveMaximum": _NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 3, 0.5, 1.5]),
        "minLength": _COUNTS,
        "maxLength": _COUNTS,
        "pattern": _PATTERNS,
        "format": st.sampled_from(["date", "email"]),
        "minItems": _COUNTS,
        "maxItems": _COUNTS,
        "uniqueItems": st.booleans(),
        "items": inner,
        "prefixItems": some,
        "contains": inner,
        "minProperties": _COUNTS,
        "maxProperties": _COUNTS,
        "required": st.lists(_NAMES, min_size=1, max_size=2, unique=True),
        "properties": st.dictionaries(_NAMES, inner, min_size=1, max_size=2),
        "additionalProperties": inner,
        "patternProperties": st.dictionaries(_PATTERNS, inner, min_size=1, max_size=1),
        "propertyNames": inner,
        "dependentRequired": st.dictionaries(_NAMES, st.lists(_NAMES, max_size=1), max_size=1),
        "dependentSchemas": st.dictionaries(_NAMES, inner, min_size=1, max_size=1),
        "enum": st.lists(_VALUES, min_size=1, max_size=3),
        "const": _VALUES,
        "anyOf": some,
        "oneOf": some,
        "allOf": some,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "$ref": _REFERENCES,
    }

    def chosen(keywords: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({keyword: optional[keyword] for keyword in keywords})

    names: st.SearchStrategy[list[str]] = st.lists(
        st.sampled_from(sorted(optional)), max_size=4, unique=True
    )
    return names.flatmap(chosen)


_SMALL = st.booleans() | st.fixed_dictionaries({"type": _TYPES})
_INNER: st.SearchStrategy[Any] = st.recursive(_SMALL, _keywords, max_leaves=4)


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    """Give schemas whose references lead into themselves; some are no schemas by their loops."""
    parts = st.fixed_dictionaries({"p": _INNER, "q": _INNER})
    return st.tuples(_keywords(_INNER), parts).map(lambda both: {**both[0], "$defs": both[1]})


def mutated(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    """Give a schema with one keyword somewhere dropped, added or changed."""
    changed = copy.deepcopy(schema)
    nodes = [node for node in _inside(changed) if node is not changed.get("$defs")]
    node = draw(st.sampled_from(nodes))
    keywords = [keyword for keyword in node if keyword != "$defs"]
    if keywords and draw(st.sampled_from([True, False])):
        del node[draw(st.sampled_from(keywords))]
    node.update(draw(_keywords(_SMALL)))
    return changed


def _inside(node: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a schema that are schemas, by the keywords that hold some."""
    if not isinstance(node, dict):
        return
    yield node
    for keyword in ("$defs", "properties", "patternProperties", "dependentSchemas"):
        for child in node.get(keyword, {}).values():
            yield from _inside(child)
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for child in node.get(keyword, ()):
            yield from _inside(child)
    for keyword in ("items", "additionalProperties", "not", "if", "then", "else", "contains"):
        yield from _inside(node.get(keyword))
