"""A query as the databases' own searches take it. Words are letters and digits, so none escapes."""

from collections.abc import Callable, Iterable, Sequence

from quaestor_artifact_store.domain.search.facets import EVERYTHING
from quaestor_artifact_store.domain.search.query import Phrase, Query

__all__ = ["fts5", "ts_facets", "ts_words", "tsvector"]

_MOST_PLACES = 255  # of one word that a tsvector keeps


def fts5(query: Query, facets: Iterable[str]) -> str:
    """Write a query for FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax).

    Beside words, the facet that all versions have would be one more long list to go through.
    """
    asked = [f'facets : "{one}"' for one in facets if one != EVERYTHING or not query.required]
    asked += [f"words : ({_either(group, _fts5_phrase, ' OR ')})" for group in query.required]
    text = " AND ".join(asked)
    for phrase in query.excluded:
        text = f"({text}) NOT words : {_fts5_phrase(phrase)}"
    return text


def ts_words(query: Query) -> str:
    """Write the words of a query as a tsquery, as PostgreSQL reads one; empty without words.

    https://www.postgresql.org/docs/current/datatype-textsearch.html
    """
    asked = [f"({_either(group, _ts_phrase, ' | ')})" for group in query.required]
    asked += [f"!({_ts_phrase(phrase)})" for phrase in query.excluded]
    return " & ".join(asked)


def ts_facets(facets: Iterable[str]) -> str:
    """Write facets as a tsquery; a mark tells them from words."""
    return " & ".join(f"'={one}'" for one in facets)


def tsvector(words: Sequence[str], facets: Iterable[str]) -> str:
    """Write words with their places, and facets, as a tsvector."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, start=1):
        places.setdefault(word, []).append(place)
    entries = [f"'{word}':{','.join(map(str, at[:_MOST_PLACES]))}" for word, at in places.items()]
    return " ".join([*entries, *(f"'={one}'" for one in facets)])


def _either(group: Iterable[Phrase], write: Callable[[Phrase], str], separator: str) -> str:
    return separator.join(map(write, group))


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{"*" if phrase.prefix else ""}'


def _ts_phrase(phrase: Phrase) -> str:
    *whole, last = phrase.words
    return " <-> ".join([*(f"'{word}'" for word in whole), f"'{last}'{':*' * phrase.prefix}"])
