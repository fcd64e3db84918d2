"""Where a query's words stand in a content, cut to what fits a line."""

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quaestor_artifact_store.domain.search.leaves import Leaf
from quaestor_artifact_store.domain.search.query import Phrase, Query, occurs
from quaestor_artifact_store.domain.search.words import spans, words

__all__ = ["Found", "found_in", "marked", "under"]

_BEFORE = 60  # characters before the first word that was looked for
_LENGTH = 200  # characters of a snippet
_LINES = 3  # places shown of one content
# How much of a query stands at a place, the less the more; which place; and where in it.
_Hit = tuple[int, int, list[tuple[int, int]]]


class Found(NamedTuple):
    """A place, the text around what was found there, and where in the text that is."""

    leaf: Leaf
    text: str
    highlights: tuple[tuple[int, int], ...]


def under(places: Iterable[Leaf], prefix: str) -> list[Leaf]:
    """Give the leaves at a JSON Pointer and below it; all for the empty one."""
    if not prefix:
        return list(places)
    return [
        leaf
        for leaf in places
        if leaf.pointer is not None
        and (leaf.pointer == prefix or leaf.pointer.startswith(f"{prefix}/"))
    ]


def found_in(places: Sequence[Leaf], query: Query) -> list[Found]:
    """Give the places where most of what was looked for stands, in the order of the content.

    Without words to look for: the first place.
    """
    if not query.required:
        return [Found(leaf, leaf.text[:_LENGTH], ()) for leaf in places[:1]]
    # A phrase may go on from one place to the next; then the places with some of it are shown.
    hits = _hits(places, query, whole=True) or _hits(places, query, whole=False)
    best = sorted(sorted(hits)[:_LINES], key=lambda hit: hit[1])
    return [_cut(places[index], marks) for _, index, marks in best]


def _hits(places: Sequence[Leaf], query: Query, *, whole: bool) -> list[_Hit]:
    """List the places with something of a query, phrases only where they are `whole`."""
    hits = []
    for index, leaf in enumerate(places):
        wanted = [
            phrase
            for phrase in query.wanted
            if not whole or len(phrase.words) == 1 or occurs(phrase, words(leaf.text))
        ]
        marks, kinds = _marks(leaf.text, wanted)
        if marks:
            hits.append((-len(kinds), index, marks))
    return hits


def marked(found: Found) -> str:
    """Give a snippet as HTML: escaped, with `<mark>` around what was found."""
    parts, done = [], 0
    for start, end in found.highlights:
        parts += [html.escape(found.text[done:start]), "<mark>"]
        parts += [html.escape(found.text[start:end]), "</mark>"]
        done = end
    return "".join([*parts, html.escape(found.text[done:])])


def _marks(text: str, wanted: Sequence[Phrase]) -> tuple[list[tuple[int, int]], set[Phrase]]:
    marks, kinds = [], set()
    for start, end, forms in spans(text):
        hit = [phrase for phrase in wanted if _touches(phrase, forms)]
        if hit:
            marks.append((start, end))
            kinds.update(hit)
    return marks, kinds


def _touches(phrase: Phrase, forms: Sequence[str]) -> bool:
    *whole, last = phrase.words
    return any(form in whole for form in forms) or any(
        form.startswith(last) if phrase.prefix else form == last for form in forms
    )


def _cut(leaf: Leaf, marks: Sequence[tuple[int, int]]) -> Found:
    begin = max(0, marks[0][0] - _BEFORE)
    text = leaf.text[begin : begin + _LENGTH]
    inside = ((start - begin, end - begin) for start, end in marks)
    return Found(leaf, text, tuple(mark for mark in inside if mark[1] <= len(text)))
