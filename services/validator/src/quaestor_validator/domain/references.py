"""Where a JSON Schema refers to others, found by the keywords that hold schemas.

What stands in `const`, `enum`, `default` or `examples` is data: a `$ref` in it refers to nothing.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urljoin

from quaestor_validator.domain.dialects import id_keyword, referring_keywords

__all__ = ["BASE", "UNPINNED", "Reference", "Survey", "is_absolute", "pin", "resolve", "survey"]

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
        return urldefrag(base).url + reference if reference.startswith("#") else reference
    # urljoin knows the schemes that have a hierarchy by name; ours are told by their slash.
    joined = urljoin(f"http:{rest}", reference)
    return scheme + colon + joined.partition(":")[2]


class Survey(NamedTuple):
    """What a schema refers to, in the order of the document, and the URIs that it has itself."""

    references: list[Reference]
    names: set[str]

    def outward(self) -> set[str]:
        """Give the URIs that lead out of the document."""
        return {reference.uri for reference in self.references} - self.names


def survey(document: Any, base: str) -> Survey:  # noqa: ANN401 - a JSON value
    """Find every reference of a schema, and every name that it gives to a part of itself."""
    found = Survey([], {base})
    name_keyword, referring = id_keyword(document), referring_keywords(document)
    stack: list[tuple[Path, Any, str]] = [((), document, base)]
    while stack:
        path, node, base = stack.pop()
        if not isinstance(node, dict):
            continue
        named = node.get(name_keyword)
        if isinstance(named, str):
            base = urldefrag(resolve(base, named)).url or base
            found.names.add(base)
        for keyword in referring:
            text = node.get(keyword)
            if isinstance(text, str):
                uri = urldefrag(resolve(base, text)).url
                found.references.append(Reference((*path, keyword), text, base, uri))
        stack += [((*path, *step), child, base) for step, child in reversed(list(_inside(node)))]
    return found


def pin(document: Any) -> None:  # noqa: ANN401 - a JSON value
    """Write each `name@version` as the URI it means, whatever the document is called itself."""
    stack, referring = [document], referring_keywords(document)
    while stack:
        node = stack.pop()
        if not isinstance(node, dict):
            continue
        for keyword in referring:
            text = node.get(keyword)
            if isinstance(text, str) and _PINNED.match(text.partition("#")[0]):
                node[keyword] = BASE + text
        stack += [child for _, child in _inside(node)]


def _inside(node: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Give the schemas that stand right inside one, and the way to each."""
    for keyword, value in node.items():
        if keyword in _LISTS and isinstance(value, list):
            yield from (((keyword, index), child) for index, child in enumerate(value))
        elif keyword in _ONE:
            yield (keyword,), value
        elif keyword in _MAPS and isinstance(value, dict):
            yield from (((keyword, key), child) for key, child in value.items())
