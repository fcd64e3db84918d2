"""A schema with the registered ones that it refers to as parts of its own.

Then a comparison sees through `$ref`: what stands in another document stands in `$defs`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from quaestor_shared.schema import DIALECT
from quaestor_validator.domain.dialects import dialect_of
from quaestor_validator.domain.references import Survey, resolve, survey, without_fragment

__all__ = ["Bundle", "bundle"]

# With one of these in a part, a name could mean something else than in its own document.
_SCOPED = frozenset(("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$id"))

Path = tuple[str | int, ...]
# Gives the document at a URI, and the URI that its references start from; None for no document.
LookUp = Callable[[str], tuple[Any, str] | None]


class Bundle(NamedTuple):
    """A schema, its `$ref`s that mean a registered one, and where each part was first wanted."""

    document: Any
    registered: frozenset[str] = frozenset()
    wanted_at: dict[str, Path] = {}

    def place(self, path: Path) -> Path:
        """Give a place as its sender knows it: of a part, that of the reference to it."""
        inside_part = len(path) > 1 and path[0] == "$defs"
        return self.wanted_at.get(str(path[1]), path) if inside_part else path


def bundle(document: Any, base: str, look_up: LookUp) -> Bundle:  # noqa: ANN401 - a JSON value
    """Put what a schema refers to into its `$defs`; `document` is changed.

    References must be absolute where they lead out of a document. One that cannot be followed
    without changing what it means stays as it is.
    """
    defined = document.setdefault("$defs", {}) if isinstance(document, dict) else None
    if not isinstance(defined, dict):
        return Bundle(document)
    taken = frozenset(defined)
    registered: set[str] = set()
    wanted_at: dict[str, Path] = {}
    names = survey(document, base).names
    queue: deque[tuple[Any, str, str | None]] = deque([(document, base, None)])
    while queue:
        node, base, part = queue.popleft()
        found = survey(node, base)
        for holder, uri, fragment, path in _references(node, found):
            if uri in _own_names(node, base):
                holder["$ref"] = f"#{'' if part is None else _into(part)}{fragment}"
                continue
            if uri in found.names or uri in names or uri in taken or fragment[:1] not in ("", "/"):
                continue
            if uri not in wanted_at:
                there = look_up(uri)
                if there is None or not _is_movable(there[0]):
                    continue
                wanted_at[uri] = path if part is None else wanted_at[part]
                defined[uri] = there[0]
                queue.append((*there, uri))
            holder["$ref"] = f"#{_into(uri)}{fragment}"
            registered.add(holder["$ref"])
    _drop_names(defined, wanted_at)
    if not defined:
        del document["$defs"]
    return Bundle(document, frozenset(registered), wanted_at)


def _drop_names(defined: dict[str, Any], parts: Iterable[str]) -> None:
    """Take from parts what a whole document says of itself; references have been resolved."""
    for uri in parts:
        if isinstance(defined[uri], dict):
            defined[uri] = {k: v for k, v in defined[uri].items() if k not in ("$id", "$schema")}


def _references(node: Any, found: Survey) -> Iterator[tuple[dict[str, Any], str, str, Path]]:  # noqa: ANN401
    """Give what holds a `$ref`, the URI it means, its fragment, and its place."""
    for reference in found.references:
        if reference.path[-1] != "$ref":
            continue
        holder = node
        for step in reference.path[:-1]:
            holder = holder[step]
        yield holder, reference.uri, reference.text.partition("#")[2], reference.path


def _own_names(node: Any, base: str) -> set[str]:  # noqa: ANN401 - a JSON value
    """Give the URIs of a document as a whole."""
    own = node.get("$id") if isinstance(node, dict) else None
    return {without_fragment(resolve(base, own)) or base} if isinstance(own, str) else {base}


def _is_movable(document: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether a schema means the same as a part of another."""
    if isinstance(document, bool):
        return True
    if str(dialect_of(document)).rstrip("#") != DIALECT:
        return False
    stack = [value for keyword, value in document.items() if keyword != "$id"]
    if not _SCOPED.isdisjoint(document.keys() - {"$id"}):
        return False
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if not _SCOPED.isdisjoint(node):
                return False
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return True


def _into(uri: str) -> str:
    """Give the pointer to a part, as the fragment of a URI."""
    return f"/$defs/{quote(uri.replace('~', '~0').replace('/', '~1'), safe='~')}"
