"""The small words of every notation: names, phrases, choices."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

import msgspec

from quaestor_design_api.domain.notation.scan import NotationError, Piece
from quaestor_shared.contracts.items import Name, Phrase

__all__ = ["choice", "is_none", "keyword", "name", "names", "phrase"]

E = TypeVar("E", bound=StrEnum)
_NONE = {"none", "-", "no", "nothing"}


def is_none(piece: Piece) -> bool:
    """Say whether a list is said to be empty."""
    return piece.text.lower().rstrip(".") in _NONE


def name(piece: Piece, what: str) -> str:
    """Read a name. Raises NotationError for marks that a name cannot have."""
    text = " ".join(piece.text.split())
    try:
        return str(msgspec.convert(text, Name))
    except msgspec.ValidationError as error:
        if not text:
            raise NotationError(f"a name for the {what} is missing", piece.at) from error
        bad = re.search(r"[^\w./\- {}]|^[^\w/]", text)
        found = f"; {bad[0]!r} cannot be part of it" if bad else "; it is too long"
        place = piece.at + (bad.start() if bad else 0)
        raise NotationError(f"{text[:40]!r} is no name for the {what}{found}", place) from error


def names(pieces: Sequence[Piece], what: str) -> tuple[str, ...]:
    """Read names; each may stand once."""
    found: dict[str, Piece] = {}
    for piece in pieces:
        read = name(piece, what)
        if read in found:
            raise NotationError(f"{read!r} stands twice", piece.at)
        found[read] = piece
    return tuple(found)


def phrase(piece: Piece, what: str) -> str:
    """Read a text that is not blank, its white space folded."""
    text = " ".join(piece.text.split())
    try:
        return str(msgspec.convert(text, Phrase))
    except msgspec.ValidationError as error:
        reason = f"the {what} is missing" if not text else f"the {what} is too long"
        raise NotationError(reason, piece.at) from error


def choice(piece: Piece, kind: type[E], what: str, synonyms: Mapping[str, E]) -> E:
    """Read one of an enum's values, in any letter case."""
    text = " ".join(piece.text.lower().split())
    for member in kind:
        if text in (member.value.lower(), member.value.lower().replace("_", " ")):
            return member
    if text in synonyms:
        return synonyms[text]
    values = [member.value for member in kind]
    close = get_close_matches(text[:40], [value.lower() for value in values], n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    raise NotationError(
        f"{piece.text[:40]!r} is no {what}{hint}; it is one of {', '.join(values)}", piece.at
    )


def keyword(piece: Piece, words: Sequence[str]) -> Piece | None:
    """Give what follows one of the words (`sla p95 < 200ms`, `sla: ...`), or None."""
    match = re.match(rf"(?:{'|'.join(words)})(?:\s*[:=]\s*|\s+|\Z)", piece.text, re.IGNORECASE)
    return piece.cut(match.end()) if match else None
