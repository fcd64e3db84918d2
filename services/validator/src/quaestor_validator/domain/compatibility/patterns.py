"""Texts that match a simple regular expression: literals, classes, groups, repetition.

What is not simple has no samples: then no example is found, and nothing is claimed.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

__all__ = ["samples"]

_MOST = 12
_LONGEST = 200
_FEW = 3  # parts, of which every combination is shown
_CLASSES = {"d": "07", "w": "a0_", "s": " ", "D": "a-", "W": "- ", "S": "a0"}
_REPEAT = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{1,3})?)?\}")
_ANY = "a0 -"


class _Hard(Exception):
    """The expression is not simple."""


def samples(pattern: str) -> list[str]:
    """Give a few texts, short ones first, that a search with the pattern may find something in.

    They are candidates: whether one matches is for a validator to say.
    """
    if len(pattern) > _LONGEST:
        return []
    try:
        texts = _Parser(pattern).whole()
    except (_Hard, IndexError):
        return []
    # A pattern without anchors also matches inside of a longer text.
    loose = [f"-{text}-" for text in texts[:1]]
    return sorted(dict.fromkeys([*texts, *loose]), key=len)


class _Parser:
    """Reads an expression from left to right, and gives texts for each part."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def whole(self) -> list[str]:
        texts = self._choice()
        if self._at != len(self._pattern):
            raise _Hard
        return texts

    def _choice(self) -> list[str]:
        options = [self._sequence()]
        while self._takes("|"):
            options.append(self._sequence())
        # One of each first, so that no alternative is cut off.
        rounds = range(max(map(len, options)))
        mixed = [texts[n] for n in rounds for texts in options if n < len(texts)]
        return list(dict.fromkeys(mixed))[:_MOST]

    def _sequence(self) -> list[str]:
        parts: list[list[str]] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            part = self._repeated(self._atom())
            parts.append(part)
        return list(dict.fromkeys(islice(_joined(parts), _MOST)))

    def _atom(self) -> list[str]:
        mark = self._next()
        if mark in "^$":
            return [""]
        if mark == ".":
            return list(_ANY)
        if mark == "(":
            if self._takes("?") and not self._takes(":"):
                raise _Hard
            texts = self._choice()
            if not self._takes(")"):
                raise _Hard
            return texts
        if mark == "[":
            return list(self._members())
        if mark == "\\":
            return list(self._escaped())
        if mark in "*+?{":
            raise _Hard
        return [mark]

    def _repeated(self, texts: list[str]) -> list[str]:
        low, high = 1, 1
        if self._takes("*"):
            low, high = 0, 2
        elif self._takes("+"):
            low, high = 1, 2
        elif self._takes("?"):
            low, high = 0, 1
        elif (bounds := _REPEAT.match(self._pattern, self._at)) is not None:
            self._at = bounds.end()
            low = int(bounds[1])
            high = int(bounds[3]) if bounds[3] else low + 1 if bounds[2] else low
        else:
            return texts
        self._takes("?")
        longest = max(map(len, texts), default=0)
        if low * longest > _LONGEST:
            raise _Hard
        counts = dict.fromkeys((low, min(low + 1, high), high))
        return [text * count for count in counts for text in texts if len(text) * count < _LONGEST]

    def _members(self) -> str:
        """Read a class of characters, and give a few of them."""
        negated = self._takes("^")
        shown, known = "", set[str]()
        first = True
        while first or not self._takes("]"):
            first = False
            start = self._next()
            options = self._escaped() if start == "\\" else start
            if self._pattern[self._at : self._at + 1] == "-" and self._pattern[
                self._at + 1 : self._at + 2
            ] not in ("", "]"):
                self._at += 1
                end = self._next()
                end = self._escaped() if end == "\\" else end
                known.update(map(chr, range(ord(options[0]), min(ord(end[0]), 0x24F) + 1)))
                shown += options[0] + end[0]
            else:
                known.update(options)
                shown += options
        if negated:
            return "".join(c for c in "a0A -_é" if c not in known)[:3]
        return shown[:6]

    def _escaped(self) -> str:
        mark = self._next()
        if mark in _CLASSES:
            return _CLASSES[mark]
        if mark in "bB":
            raise _Hard
        if mark.isalnum():
            plain = {"n": "\n", "t": "\t", "r": "\r"}.get(mark)
            if plain is None:
                raise _Hard
            return plain
        return mark

    def _next(self) -> str:
        mark = self._pattern[self._at]
        self._at += 1
        return mark

    def _takes(self, mark: str) -> bool:
        if self._pattern.startswith(mark, self._at):
            self._at += len(mark)
            return True
        return False


def _joined(parts: Sequence[list[str]]) -> Iterator[str]:
    """Join one text of each part, the first ones first; each part's others show up once."""
    firsts = [part[0] if part else "" for part in parts]
    if any(not part for part in parts):
        return
    yield "".join(firsts)
    for index, part in enumerate(parts):
        for text in part[1:]:
            yield "".join([*firsts[:index], text, *firsts[index + 1 :]])
    if len(parts) <= _FEW:
        yield from map("".join, product(*parts))
