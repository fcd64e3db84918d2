"""Words, as they are kept in the index and as a query's are compared with them.

A word is a run of letters and digits, without case and accents. An identifier counts whole and in
parts: `UserProfile` is found by `userprofile`, by `user` and by `profile`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

__all__ = ["fold", "spans", "words"]

_RUN = re.compile(r"[^\W_]+")
# In a text of ASCII runs are what these characters part: found in a third of the time.
_NO_RUN = {code: " " for code in range(128) if not chr(code).isalnum()}
# Where lower case ends, or an acronym before a capitalised word: HTTPServer is HTTP and Server.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 100  # characters: what is longer is no word that a person types


def fold(text: str) -> str:
    """Take case and accents away: `Über` is `uber`, `ﬁ` is `fi`."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in apart if not unicodedata.combining(c) and (c.isalnum() or c == " "))
    return kept.lower()


def spans(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Give each run of letters and digits: its start, its end, and the words that it counts as."""
    for run in _RUN.finditer(text):
        yield run.start(), run.end(), _forms(run[0])


def words(text: str) -> list[str]:
    """Give the words of a text, in order."""
    runs = text.translate(_NO_RUN).split() if text.isascii() else _RUN.findall(text)
    return list(chain.from_iterable(map(_forms, runs)))


@lru_cache(maxsize=16_384)
def _forms(run: str) -> tuple[str, ...]:
    """Give the words that a run of letters and digits counts as; texts use the same ones again."""
    if len(run) > _LONGEST:
        run = run[:_LONGEST]
    parts = [run] if run.islower() else _HUMP.split(run)
    forms = parts if len(parts) == 1 else [run, *parts]
    return tuple(word for form in forms for word in fold(form).split())
