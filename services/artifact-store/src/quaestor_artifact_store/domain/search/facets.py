"""Facets: what a version is, beside what it says, as words of an index of their own.

A filter is then one more word to look for, so that rare filters and common words, or the other way
round, are found as quickly as both rare. Each facet is a letter and a hash: a word on any database.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from quaestor_artifact_store.domain.search.leaves import Leaf

__all__ = ["EVERYTHING", "essence", "facet", "facets", "pointer_facet"]

EVERYTHING = "every"  # what all versions have
_DEPTH = 2  # levels of JSON Pointers that are facets; what is deeper is looked up in the content


@lru_cache(maxsize=8_192)
def facet(kind: str, value: str) -> str:
    """Give the word for a value of a kind: feature, path, folder, media, author or pointer."""
    return f"{kind[0]}{hashlib.sha256(f'{kind}:{value}'.encode()).hexdigest()[:20]}"


def facets(*, feature_id: str, path: str, media_type: str, places: Iterable[Leaf]) -> str:
    """Give the facets of a content at a path, parted by spaces; its author's is added later."""
    found = [
        EVERYTHING,
        facet("feature", feature_id),
        facet("path", path),
        facet("media", essence(media_type)),
        *(facet("folder", folder) for folder in _ancestors(path)),
    ]
    pointers = [leaf.pointer for leaf in places if leaf.pointer]
    found += dict.fromkeys(chain.from_iterable(map(_pointer_facets, pointers)))
    return " ".join(found)


def pointer_facet(pointer: str) -> str:
    """Give the facet that a content has if there is something at a JSON Pointer or below it."""
    return facet("pointer", _head(pointer))


@lru_cache(maxsize=8_192)
def _pointer_facets(pointer: str) -> tuple[str, ...]:
    """Give the facets of a place and of what it is in; versions of a content have the same ones."""
    head = _head(pointer)
    return tuple(facet("pointer", part) for part in (head, *_ancestors(head)) if part)


def essence(media_type: str) -> str:
    """Give a media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _head(pointer: str) -> str:
    return "/".join(pointer.split("/", _DEPTH + 1)[: _DEPTH + 1])


def _ancestors(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:size]) for size in range(1, len(parts))]
