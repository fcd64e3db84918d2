"""A passage of a narrative, and whether it mentions something."""

import re
from collections.abc import Iterable
from functools import cached_property

from quaestor_shared.markdown import fold
from quaestor_validator.domain.narrative.decisions import Decision, Form

__all__ = ["Passage"]

# `_` may be part of a name or the mark of emphasis around one.
_WORDS = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")
# From here on scripts write words without spaces between them, so a neighbour says nothing.
_UNSPACED = "\u2e80"


class Passage:
    """Plain text of blocks; a mention stands inside one block, as words of its own.

    What code blocks show tells of examples alone.
    """

    def __init__(self, blocks: Iterable[str], code: Iterable[str] = ()) -> None:
        self._text = "\n".join(blocks)
        self._code = "\n".join(code)

    def tells(self, decision: Decision) -> bool:
        """Say whether a decision is mentioned."""
        if decision.form is Form.JSON:
            return self._tells_example(decision.text)
        if decision.form is Form.CHOICE:
            return _stands_in(_loose(decision.text), self._loose)
        text = fold(decision.text)
        return self._may_mention(text) and _stands_in(text, self._text)

    def _tells_example(self, text: str) -> bool:
        if text[0] in "{[":
            return _SPACE.sub("", text) in self._squeezed
        folded = fold(text)
        return _stands_in(folded, self._text) or _stands_in(folded, self._code)

    def _may_mention(self, text: str) -> bool:
        """Rule most texts out by their words, which is much faster than a search."""
        return max(text) >= _UNSPACED or self._words.issuperset(_WORDS.findall(text))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORDS.findall(self._text))

    @cached_property
    def _squeezed(self) -> str:
        return _SPACE.sub("", f"{self._text}\n{self._code}")

    @cached_property
    def _loose(self) -> str:
        return _loose(self._text)


def _loose(text: str) -> str:
    """Fold what varies when people write a choice: `api_key`, "API key", "api-key"."""
    return text.casefold().replace("_", " ").replace("-", " ")


def _stands_in(text: str, passage: str) -> bool:
    at = passage.find(text)
    while at >= 0:
        if _is_apart(passage, at, at + len(text)):
            return True
        at = passage.find(text, at + 1)
    return False


def _is_apart(passage: str, start: int, end: int) -> bool:
    """Say whether a stretch of text is no part of longer words. `__name__` is: in bold."""
    before, after = passage[max(0, start - 4) : start], passage[end : end + 4]
    marks = len(before) - len(before.rstrip("_"))
    if 0 < marks < 4 and marks == len(after) - len(after.lstrip("_")):
        before, after = before[:-marks], after[marks:]
    joined_before = _joined(before[-1:], passage[start])
    return not (joined_before or _joined(after[:1], passage[end - 1]))


def _joined(neighbour: str, edge: str) -> bool:
    """Say whether two characters belong to one word."""
    if not neighbour or max(neighbour, edge) >= _UNSPACED:
        return False
    return (neighbour.isalnum() or neighbour == "_") and (edge.isalnum() or edge == "_")
