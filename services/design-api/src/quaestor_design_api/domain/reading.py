"""One answer as it was sent, read against its question: taken, or refused with a reason."""

import re

import msgspec

from quaestor_design_api.domain import notation
from quaestor_design_api.domain.leaves import Given, given_by
from quaestor_design_api.domain.script import QuestionDef, Script
from quaestor_shared.contracts.answers import Answer, SkipAnswer, UnknownAnswer
from quaestor_shared.contracts.draft import Confidence
from quaestor_shared.contracts.sessions import AnswerInput
from quaestor_shared.pointers import split_fault

__all__ = ["AnswerRefused", "read_answer"]

_ASSUME = re.compile(r"\s*assume\b\s*:?\s*(.*)", re.IGNORECASE | re.DOTALL)
# Deeper ones could be read, but not be stored and audited inside their envelopes.
_DEEPEST = 32
_json: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


class AnswerRefused(ValueError):
    """Why an answer is not taken; `position` in its text, `pointer` in its JSON."""

    def __init__(
        self, reason: str, *, position: int | None = None, pointer: str | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position
        self.pointer = pointer


def read_answer(
    script: Script, question: QuestionDef, sent: AnswerInput
) -> tuple[Answer, Confidence]:
    """Read an answer and check it against its question. Raises AnswerRefused."""
    if (sent.text is None) == (sent.value is None):
        raise AnswerRefused("send either `text` or `value`")
    if sent.text is not None:
        answer, confidence = _from_text(question, sent.text)
    else:
        answer, confidence = _from_json(question, sent.value), Confidence.STATED
    if sent.assumed:
        confidence = Confidence.ASSUMED
    if isinstance(answer, UnknownAnswer):
        if question.unknown is None:
            raise AnswerRefused(
                "the design cannot do without this; answer it, or `assume` a best guess"
            )
        return answer, Confidence.UNKNOWN
    if not isinstance(answer, SkipAnswer):
        _check(script, question, answer)
    return answer, confidence


def _from_text(question: QuestionDef, text: str) -> tuple[Answer, Confidence]:
    word = text.strip().rstrip(".!").lower()
    if word == "skip":
        return SkipAnswer(), Confidence.STATED
    if word == "unknown":
        return UnknownAnswer(), Confidence.UNKNOWN
    assumed = _ASSUME.fullmatch(text)
    start = assumed.start(1) if assumed else 0
    try:
        answer = notation.read(question.answer, text[start:])
    except notation.NotationError as error:
        raise AnswerRefused(error.reason, position=start + error.position) from error
    return answer, Confidence.ASSUMED if assumed else Confidence.STATED


def _from_json(question: QuestionDef, value: dict[str, object] | None) -> Answer:
    try:
        answer: Answer = _json.decode(msgspec.json.encode(value))
    except msgspec.ValidationError as error:
        reason, place = split_fault(str(error))
        raise AnswerRefused(reason, pointer=place) from error
    if isinstance(answer, SkipAnswer | UnknownAnswer):
        return answer
    if notation.tag_of(answer) != question.answer:
        raise AnswerRefused(
            f"this question takes an answer of type {question.answer!r}", pointer="/type"
        )
    return answer


def _check(script: Script, question: QuestionDef, answer: Answer) -> None:
    given = given_by(answer, question.fills or question.optional)
    missing = [leaf for leaf in question.fills if (leaf,) not in given.leaves]
    if missing:
        named = " and ".join(leaf.rpartition(".")[2].replace("_", " ") for leaf in missing)
        raise AnswerRefused(f"the answer does not say: {named}")
    if question.names is not None and given.items is not None:
        _check_items(script.collections[question.names].min_items, given)
    for place, value in given.leaves.items():
        if _depth(value) > _DEEPEST:
            raise AnswerRefused(f"an example is nested more than {_DEEPEST} levels deep")
        if place[-1] == "fields":
            _once([str(field).split()[0] for field in value], "field")


def _depth(value: object) -> int:
    """Count the levels of a JSON value, without recursion."""
    level, depth = [value], 0
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


def _check_items(min_items: int, given: Given) -> None:
    items = given.items or ()
    if len(items) < min_items:
        raise AnswerRefused("at least one is needed")
    _once(list(items), "name")


def _once(names: list[str], what: str) -> None:
    """Refuse names that differ only in case, hyphens, underscores or spaces."""
    seen: dict[str, str] = {}
    for name in names:
        folded = re.sub(r"[\W_]+", "", name.casefold()) or name
        if folded in seen:
            other = seen[folded]
            same = "stands twice" if other == name else f"is {other!r} in another spelling"
            raise AnswerRefused(f"the {what} {name!r} {same}")
        seen[folded] = name
