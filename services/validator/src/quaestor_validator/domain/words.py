"""The words that names are made of, and texts that say nothing."""

import re
from functools import lru_cache

__all__ = [
    "Phrases",
    "folded",
    "folded_all",
    "is_nothing",
    "is_open",
    "listed",
    "singular",
    "tokens",
]


def listed(text: str) -> tuple[str, ...]:
    """Give the words and phrases of a list that is written with commas."""
    return tuple(part.strip() for part in text.split(","))


_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_PARTS = re.compile(
    rf"[{_UPPER}]+(?![{_LOWER}])|[{_UPPER}]?[{_LOWER}]+|[0-9]+|[^\W\d_{_UPPER}{_LOWER}]+"
)
# Where a word may start and end: also inside of `authAPI`, and at `_`.
_START = r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z]))"
_END = r"(?:(?![^\W_])|(?<=[a-z0-9])(?=[A-Z]))"
_LONGEST = 200
# With the blank one, and with dashes of three lengths.
_NOTHING = frozenset(
    listed(
        ", -, \u2013, \u2014, none, no, nothing, n/a, na, nil, null, not needed, not required, "
        "not applicable, no requirement, no requirements"
    )
)
_OPEN = frozenset(
    listed(
        "unknown, tbd, tba, tbc, todo, fixme, ?, ??, ???, ..., \u2026, xxx, to be decided, "
        "to be defined, to be determined, to do, not decided, undecided"
    )
)


class Phrases:
    """Words and phrases, in lower case, as a list with commas; `*` at the end lets one go on.

    They are whole words: `auth` does not stand in "author", `authent*` stands in "authenticated".
    """

    def __init__(self, text: str) -> None:
        self._patterns = {phrase.rstrip("*"): re.compile(_whole(phrase)) for phrase in listed(text)}
        self._letters = tuple(self._patterns)

    def stand_in(self, text: str, lower: str | None = None) -> bool:
        """Say whether one stands in a text; `lower` is the text in lower case, where it is known.

        That a phrase's letters are there is looked at first, which is many times as fast.
        """
        lower = text.lower() if lower is None else lower
        there = filter(lower.__contains__, self._letters)
        return any(_stands(letters, self._patterns[letters], text, lower) for letters in there)


def _stands(letters: str, pattern: "re.Pattern[str]", text: str, lower: str) -> bool:
    """Look only where the letters are, unless lower case moved them."""
    if len(lower) != len(text):
        return pattern.search(text) is not None
    at = lower.find(letters)
    while at >= 0:
        if pattern.match(text, at):
            return True
        at = lower.find(letters, at + 1)
    return False


def _whole(phrase: str) -> str:
    end = "" if phrase.endswith("*") else _END
    return f"{_START}(?i:{re.escape(phrase.rstrip('*'))}){end}"


def folded(name: str) -> str:
    """Fold what people vary when they write the same name: case, `_`, `-` and spaces."""
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


def folded_all(names: list[str]) -> list[str]:
    """Fold many names at once, which is several times as fast as one by one."""
    folds = folded("\0".join(names)).split("\0") if names else []
    return folds if len(folds) == len(names) else list(map(folded, names))


def tokens(name: str) -> tuple[str, ...]:
    """Give the words of a name in lower case: `MealPlan_id` is `meal`, `plan`, `id`."""
    return _tokens(name[:_LONGEST])


@lru_cache(maxsize=8192)
def _tokens(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in _PARTS.findall(name))


def singular(word: str) -> str:
    """Give the singular of an English word where its plural is a regular one."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def is_nothing(text: str) -> bool:
    """Say whether a text says that there is nothing: blank, `-`, `none`, `n/a`."""
    return len(text) < 40 and text.strip().rstrip(".").casefold() in _NOTHING


def is_open(text: str) -> bool:
    """Say whether a text stands for a decision that is still to be made: `unknown`, `TBD`."""
    return (
        len(text) < 40 and text.strip().rstrip(".!:").casefold() in _OPEN
    ) or text.strip() in _OPEN
