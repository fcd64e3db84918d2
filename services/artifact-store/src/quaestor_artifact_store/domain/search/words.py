"""Words, as they are kept in the index and as a query's are compared with them.

A word is a run of letters and digits, without case and accents. An identifier counts whole and in
parts: `UserProfile` is found by `userprofile`, by `user` and by `profile`.
"""

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["fold", "spans", "words"]

_RUN = re.compile(r"[^\W_]+")
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
        whole = run[0]
        parts = _HUMP.split(whole) if not whole.islower() else (whole,)
        forms = (whole,) if len(parts) == 1 else (whole, *parts)
        folded = [fold(form)[:_LONGEST] for form in forms]
        yield run.start(), run.end(), tuple(form for each in folded for form in each.split())


def words(text: str) -> list[str]:
    """Give the words of a text, in order."""
    return [word for _, _, forms in spans(text) for word in forms]
