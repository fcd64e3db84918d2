"""What a person types into a search, and what it means.

Words that must all occur, in any order; `"words in a row"`; `pre*` for how a word begins; `-word`
for what must not occur; `OR` between two of these.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from quaestor_artifact_store.domain.search.words import words
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput

__all__ = ["Phrase", "Query", "matches", "occurs", "parse"]

_PIECE = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MOST = 32  # pieces: more is no question but a document


class Phrase(NamedTuple):
    """Words in a row; of the last one only the beginning where `prefix`."""

    words: tuple[str, ...]
    prefix: bool = False


class Query(NamedTuple):
    """Of each group of `required` one must occur, and none of `excluded`."""

    required: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()

    @property
    def wanted(self) -> tuple[Phrase, ...]:
        """Every phrase that is looked for."""
        return tuple(phrase for group in self.required for phrase in group)


def parse(text: str) -> Query:
    """Read a query; an empty one finds everything. Raises InvalidInput."""
    pieces = _PIECE.findall(text)
    if len(pieces) > _MOST:
        raise _refused(f"more than {_MOST} words and phrases")
    required: list[tuple[Phrase, ...]] = []
    excluded: list[Phrase] = []
    either = False
    for minus, quoted, plain in pieces:
        if plain == "OR" and not minus:
            either = bool(required)
            continue
        phrase = _phrase(quoted or plain.strip('"'), prefix=plain.endswith("*"))
        if phrase is None:
            continue
        if minus:
            excluded.append(phrase)
        elif either:
            required[-1] = (*required[-1], phrase)
        else:
            required.append((phrase,))
        either = False
    if excluded and not required:
        raise _refused("only words that must not occur")
    if text.strip() and not required:
        raise _refused("no letter and no digit")
    return Query(tuple(required), tuple(excluded))


def matches(query: Query, there: Sequence[str]) -> bool:
    """Say whether words, in their order, are what a query asks for."""
    return all(any(occurs(p, there) for p in group) for group in query.required) and not any(
        occurs(phrase, there) for phrase in query.excluded
    )


def occurs(phrase: Phrase, there: Sequence[str]) -> bool:
    """Say whether a phrase stands in words, in a row."""
    first, *rest = phrase.words
    size = len(phrase.words)
    if not rest and not phrase.prefix:
        return first in there
    for start in range(len(there) - size + 1):
        found = there[start : start + size]
        if all(map(str.__eq__, found[:-1], phrase.words)) and (
            found[-1].startswith(phrase.words[-1])
            if phrase.prefix
            else found[-1] == phrase.words[-1]
        ):
            return True
    return False


def _phrase(text: str, *, prefix: bool) -> Phrase | None:
    """Make a phrase; an identifier is looked for whole, as it is kept whole."""
    found = tuple(word for piece in text.split() for word in words(piece.lower()))
    return Phrase(found, prefix) if found else None


def _refused(why: str) -> InvalidInput:
    return InvalidInput(
        "The query asks for nothing that can be found.",
        details=[ErrorDetail(field="q", message=why, example='entity "meal plan" index* -draft')],
    )
