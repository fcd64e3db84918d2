"""What a schema says of the value itself, and what it says through other schemas.

The second kind is monotone where it is listed here: when each part takes no less than before, the
whole takes no less. What is not monotone, such as `not` and `oneOf`, has to be the same.
"""

from typing import Any

from quaestor_shared.json_patch import encoded

__all__ = ["ANNOTATIONS", "Step", "bare", "parts_of", "refers", "without_annotations"]

Step = tuple[str | int, ...]
Plain = dict[str, Any]
Pairs = list[tuple[Step | None, Step | None]]

ANNOTATIONS = frozenset(
    (
        *("$comment", "$schema", "default", "deprecated", "description", "examples"),
        *("readOnly", "title", "writeOnly"),
    )
)
_DEFINITIONS = ("$defs", "definitions")
_ONE = ("then", "else", "propertyNames")
_LISTS = ("allOf", "anyOf")
_OBJECT = ("properties", "patternProperties", "additionalProperties")
_ARRAY = ("prefixItems", "items")
# These hold schemas, and have to be the same: they are not monotone, or look at their neighbours.
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
_FIXED = (
    *("not", "if", "oneOf", "contains", "minContains", "maxContains"),
    *("$id", "$anchor", "$dynamicAnchor", "dependencies", "additionalItems"),
)
_HELD = frozenset((*_ONE, *_LISTS, *_OBJECT, *_ARRAY, *_FIXED, "dependentSchemas", "$ref"))


def bare(node: Plain) -> Plain:
    """Give what a schema says of the value itself: bounds, types, choices, names it requires."""
    left_out = _HELD | ANNOTATIONS | {*_DEFINITIONS}
    return {keyword: value for keyword, value in node.items() if keyword not in left_out}


def parts_of(old: Plain, new: Plain) -> Pairs | None:
    """Give the pairs of parts that have to be contained, by their steps from either schema.

    A part that a schema does not have takes anything, and has no step. None where the schemas
    are not built alike, so that nothing follows from their parts.
    """
    if any(keyword in old or keyword in new for keyword in _UNEVALUATED):
        return None
    if not _same(old, new, _FIXED) or any(refers(old[key]) for key in _FIXED if key in old):
        return None
    if ("$ref" in new) > ("$ref" in old):
        return None
    pairs: Pairs = [(("$ref",), ("$ref",))] if "$ref" in new else []
    for found in (_properties(old, new), _items(old, new), _listed(old, new), _single(old, new)):
        if found is None:
            return None
        pairs += found
    return pairs


def refers(node: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether a reference stands in a value: then it is not told by its text what it means."""
    stack = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            if not inner.keys().isdisjoint(("$ref", "$dynamicRef", "$recursiveRef")):
                return True
            stack.extend(inner.values())
        elif isinstance(inner, list):
            stack.extend(inner)
    return False


def without_annotations(node: Any) -> Any:  # noqa: ANN401 - a schema
    """Give a schema without what only people read, definitions kept."""
    if not isinstance(node, dict):
        return node
    kept: Plain = {}
    for keyword, value in node.items():
        if keyword in ("properties", "patternProperties", "dependentSchemas", *_DEFINITIONS):
            kept[keyword] = {name: without_annotations(child) for name, child in value.items()}
        elif keyword in (*_LISTS, "oneOf", "prefixItems") and isinstance(value, list):
            kept[keyword] = [without_annotations(child) for child in value]
        elif keyword in (*_ONE, "items", "additionalProperties", "not", "if", "contains"):
            kept[keyword] = without_annotations(value)
        elif keyword not in ANNOTATIONS:
            kept[keyword] = value
    return kept


def _same(old: Plain, new: Plain, keywords: Any) -> bool:  # noqa: ANN401 - names
    return all(
        (k in old) == (k in new) and encoded(old.get(k)) == encoded(new.get(k)) for k in keywords
    )


def _properties(old: Plain, new: Plain) -> Pairs | None:
    """Pair properties by name. With patterns the names and patterns have to be the same."""
    named = old.get("properties", {}), new.get("properties", {})
    patterns = old.get("patternProperties", {}), new.get("patternProperties", {})
    alike = named[0].keys() == named[1].keys() and patterns[0].keys() == patterns[1].keys()
    if (patterns[0] or patterns[1]) and not alike:
        return None
    rest = _step(old, "additionalProperties"), _step(new, "additionalProperties")
    pairs: Pairs = [(("patternProperties", key), ("patternProperties", key)) for key in patterns[0]]
    for name in dict.fromkeys([*named[0], *named[1]]):
        was = ("properties", name) if name in named[0] else rest[0]
        now = ("properties", name) if name in named[1] else rest[1]
        pairs.append((was, now))
    return [*pairs, rest]


def _items(old: Plain, new: Plain) -> Pairs | None:
    if isinstance(old.get("items"), list) or isinstance(new.get("items"), list):
        return None  # as in drafts before 2020-12
    prefixes = len(old.get("prefixItems", ())), len(new.get("prefixItems", ()))
    rest = _step(old, "items"), _step(new, "items")
    pairs: Pairs = [
        (
            ("prefixItems", index) if index < prefixes[0] else rest[0],
            ("prefixItems", index) if index < prefixes[1] else rest[1],
        )
        for index in range(max(prefixes))
    ]
    return [*pairs, rest]


def _listed(old: Plain, new: Plain) -> Pairs | None:
    """Pair the members of `allOf` and `anyOf` in order."""
    pairs: Pairs = []
    for keyword in _LISTS:
        counts = len(old.get(keyword, ())), len(new.get(keyword, ()))
        # One more in `anyOf` takes more, one more in `allOf` less.
        fits = counts[0] >= counts[1] if keyword == "allOf" else 0 < counts[0] <= counts[1]
        if counts[1] and not fits:
            return None
        pairs += [((keyword, i), (keyword, i)) for i in range(min(counts))]
    return pairs


def _single(old: Plain, new: Plain) -> Pairs | None:
    pairs: Pairs = []
    for keyword in _ONE:
        if keyword in ("then", "else") and "if" not in old:
            continue  # they say nothing without it
        pairs.append((_step(old, keyword), _step(new, keyword)))
    for name in new.get("dependentSchemas", {}):
        known = name in old.get("dependentSchemas", {})
        was = ("dependentSchemas", name) if known else None
        pairs.append((was, ("dependentSchemas", name)))
    return pairs


def _step(node: Plain, keyword: str) -> Step | None:
    return (keyword,) if keyword in node else None
