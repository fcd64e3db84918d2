"""Where a JSON Schema refers to others, found by the keywords that hold schemas.

What stands in `const`, `enum`, `default` or `examples` is data: a `$ref` in it refers to nothing.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from quaestor_validator.domain.dialects import id_keyword, referring_keywords

__all__ = [
    "BASE",
    "UNPINNED",
    "Reference",
    "Survey",
    "is_absolute",
    "make_absolute",
    "resolve",
    "survey",
    "without_fragment",
]

# What `name@version` is resolved against, so that it is a URI like any other (RFC 3986, 5.1.4).
BASE = "quaestor://schemas/"
_PINNED = re.compile(r"[a-z][a-z0-9-]{0,63}@[1-9][0-9]{0,5}\Z")
UNPINNED = re.compile(r"[a-z][a-z0-9-]{0,63}(@latest)?\Z")

_ONE = (
    *("additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if"),
    *("items", "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_MAPS = (
    *("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties"),
    "properties",
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
Path = tuple[str | int, ...]


class Reference(NamedTuple):
    """A keyword that refers: its place, its text, and the absolute URI it means, no fragment."""

    path: Path
    text: str
    base: str
    uri: str


def is_absolute(uri: str) -> bool:
    """Say whether a URI has a scheme."""
    return _SCHEME.match(uri) is not None


def resolve(base: str, reference: str) -> str:
    """Give the absolute URI of a reference (RFC 3986, 5.2), for a base of any scheme."""
    if _SCHEME.match(reference):
        return reference
    scheme, colon, rest = base.partition(":")
    if not rest.startswith("/"):  # such as `urn:`, against which only a fragment resolves
        return without_fragment(base) + reference if reference.startswith("#") else reference
    try:
        # urljoin knows the schemes that have a hierarchy by name; ours are told by their slash.
        joined = urljoin(f"http:{rest}", reference)
    except ValueError:  # such as brackets that are no IPv6 address: no URI, and nobody's name
        return reference
    return scheme + colon + joined.partition(":")[2]


def without_fragment(uri: str) -> str:
    """Give the part of a URI that names a document."""
    return uri.partition("#")[0]


class Survey(NamedTuple):
    """What a schema refers to, the URIs that it has itself, and its patterns with their places."""

    references: list[Reference]
    names: set[str]
    patterns: list[tuple[Path, str]]

    def outward(self) -> set[str]:
        """Give the URIs that lead out of the document."""
        return {reference.uri for reference in self.references} - self.names


def survey(document: Any, base: str) -> Survey:  # noqa: ANN401 - a JSON value
    """Find the references and patterns of a schema, and the names that it gives to its parts."""
    found = Survey([], {base}, [])
    name_keyword, referring = id_keyword(document), referring_keywords(document)
    stack: list[tuple[Path, Any, str]] = [((), document, base)]
    while stack:
        path, node, base = stack.pop()
        if not isinstance(node, dict):
            continue
        named = node.get(name_keyword)
        if isinstance(named, str):
            base = without_fragment(resolve(base, named)) or base
            found.names.add(base)
        for keyword in referring:
            text = node.get(keyword)
            if isinstance(text, str):
                # `name@version` means the registered schema, whatever the document calls itself.
                start = BASE if _PINNED.match(without_fragment(text)) else base
                uri = without_fragment(resolve(start, text))
                found.references.append(Reference((*path, keyword), text, base, uri))
        found.patterns.extend(_patterns(path, node))
        stack += [((*path, *step), child, base) for step, child in reversed(list(_inside(node)))]
    return found


def make_absolute(document: Any, found: Survey) -> None:  # noqa: ANN401 - a JSON value
    """Write what leads out of a document as the URI it means, which then starts from nowhere."""
    for reference in found.references:
        if reference.uri in found.names:
            continue
        node = document
        for step in reference.path[:-1]:
            node = node[step]
        _, mark, fragment = reference.text.partition("#")
        node[reference.path[-1]] = reference.uri + mark + fragment


def _patterns(path: Path, node: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    if isinstance(node.get("pattern"), str):
        yield (*path, "pattern"), node["pattern"]
    if isinstance(named := node.get("patternProperties"), dict):
        yield from (((*path, "patternProperties", key), key) for key in named)


def _inside(node: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Give the schemas that stand right inside one, and the way to each."""
    for keyword, value in node.items():
        if keyword in _LISTS and isinstance(value, list):
            yield from (((keyword, index), child) for index, child in enumerate(value))
        elif keyword in _ONE:
            yield (keyword,), value
        elif keyword in _MAPS and isinstance(value, dict):
            yield from (((keyword, key), child) for key, child in value.items())
