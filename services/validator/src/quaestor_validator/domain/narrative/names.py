"""Names in code spans that look like those of entities, fields and endpoints."""

import re

from quaestor_shared.contracts.artifact import Method
from quaestor_validator.domain.narrative.breach import Path
from quaestor_validator.domain.narrative.known import Known
from quaestor_validator.domain.narrative.values import Shown

__all__ = ["claimed_name"]

_FIELD: tuple[str, Path] = ("field", ("entities",))
_ENTITY: tuple[str, Path] = ("entity", ("entities",))
_ENDPOINT: tuple[str, Path] = ("endpoint", ("apis", "internal"))
_API: tuple[str, Path] = ("API", ("apis", "internal"))
_PROCESS: tuple[str, Path] = ("process", ("processes",))
_WHAT = {
    **dict.fromkeys(("field", "column", "attribute"), _FIELD),
    **dict.fromkeys(("entity", "entities", "model", "table"), _ENTITY),
    **dict.fromkeys(("endpoint", "route"), _ENDPOINT),
    **dict.fromkeys(("process", "job"), _PROCESS),
    "api": _API,
}
_WORDS = "|".join(_WHAT)
_BEFORE = re.compile(rf"\b({_WORDS})s?\s+(?:(?:called|named)\s+)?[*_]*$", re.IGNORECASE)
_AFTER = re.compile(
    rf"[*_]*\s+(?:(?:is|are)\s+)?(?:(?:an?|the|another|our|new)\s+){{0,2}}({_WORDS})s?\b",
    re.IGNORECASE,
)
_PATH = re.compile(rf"(?:(?:{'|'.join(Method)})\s+)?(/[\w{{}}][^\s]*)")
_CAMEL = re.compile(r"[A-Za-z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
# A name, and for a field its type after it: `color text`.
_PLAIN = re.compile(r"[A-Za-z]\w*(?= |$)")
_NEAR = 40
_LONGEST = 100


def claimed_name(known: Known, shown: Shown, sentence: str, at: int) -> tuple[str, Path] | None:
    """Say what a code span names that the artifact does not have, and the place of its like.

    `at` is where the span begins in its sentence.
    """
    if len(shown.text) > _LONGEST:
        return None
    if path := _PATH.fullmatch(shown.text):
        return None if known.has_text(path[1].rstrip("/")) else _ENDPOINT
    name = _PLAIN.match(shown.text)
    if name is None:
        return None
    what = _called(sentence[max(0, at - _NEAR) : at], sentence[at + len(shown.source) :][:_NEAR])
    alone = name[0] == shown.text
    if what is None and alone and (_CAMEL.fullmatch(name[0]) or _SNAKE.fullmatch(name[0])):
        what = _ENTITY if name[0][0].isupper() else _FIELD
    return what if what is not None and not known.has_name(name[0]) else None


def _called(before: str, after: str) -> tuple[str, Path] | None:
    """Give what a name is called right before or after it: "a field `color`"."""
    word = _BEFORE.search(before) or _AFTER.match(after)
    return _WHAT[word[1].casefold()] if word is not None else None
