"""A turn as a person types it: numbered answers, an answer to the first question, Finalize."""

import re
from collections.abc import Sequence

import msgspec

from quaestor_shared.contracts.sessions import AnswerInput

__all__ = ["FreeText", "is_finalize", "read_free_text"]

_QUOTES = "\"'`" + "".join(map(chr, (*range(0x2018, 0x2020), 0xAB, 0xBB, 0x2039, 0x203A)))
_NUMBERED = re.compile(r"([1-9][0-9]{0,2}(?:\.[1-9][0-9]{0,5}){1,2})\s*[:)]?(?:\s+|\Z)(.*)")


class FreeText(msgspec.Struct, frozen=True, kw_only=True):
    """What a typed turn says: answers by number, one without a number, and whether it ends."""

    answers: tuple[AnswerInput, ...] = ()
    unnumbered: str | None = None
    finalize: bool = False


def is_finalize(text: str) -> bool:
    """Say whether a text is the word Finalize, in any case, quoted or not, full stop or not."""
    bare = text.strip().strip(_QUOTES).strip().removesuffix(".").strip(_QUOTES).strip()
    return bare.lower() in ("finalize", "finalise")


def read_free_text(text: str) -> FreeText:
    """Read a turn line by line; a line without a number goes on with the answer before it."""
    lines = [line for line in text.splitlines() if line.strip()]
    finalize = bool(lines) and is_finalize(lines[-1])
    answers: list[tuple[str, str]] = []
    unnumbered: list[str] = []
    for line in lines[:-1] if finalize else lines:
        match = _NUMBERED.fullmatch(line.strip())
        if match is not None:
            answers.append((match[1], match[2]))
        elif answers:
            number, before = answers[-1]
            answers[-1] = (number, f"{before}\n{line}")
        else:
            unnumbered.append(line)
    return FreeText(
        answers=_inputs(answers), unnumbered="\n".join(unnumbered) or None, finalize=finalize
    )


def _inputs(answers: Sequence[tuple[str, str]]) -> tuple[AnswerInput, ...]:
    return tuple(AnswerInput(question=number, text=text) for number, text in answers)
