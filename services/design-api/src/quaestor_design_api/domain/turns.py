"""One turn: answers in, events and what they did out."""

from collections.abc import Iterator, Sequence

import msgspec

from quaestor_design_api.domain import notation
from quaestor_design_api.domain.events import Answered, Event, Refusal
from quaestor_design_api.domain.places import changed_pointers
from quaestor_design_api.domain.questions import locate, number_of, open_questions
from quaestor_design_api.domain.reading import AnswerRefused, read_answer
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.stale import stale
from quaestor_design_api.domain.state import State, fold
from quaestor_shared.contracts.answers import SkipAnswer
from quaestor_shared.contracts.sessions import Accepted, AnswerInput, Refused, Stale

__all__ = ["TurnResult", "advance"]


class TurnResult(msgspec.Struct, frozen=True, kw_only=True):
    """The events to append, the state after them, and what to tell whoever answered."""

    state: State
    events: tuple[Event, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    refused: tuple[Refused, ...] = ()
    stale: tuple[Stale, ...] = ()


def advance(
    script: Script,
    state: State,
    answers: Sequence[AnswerInput],
    *,
    unnumbered: str | None = None,
    author: str,
    at: str,
) -> TurnResult:
    """Take the answers of a turn, each on its own merits.

    `unnumbered` answers the first open question. Answers that name items are taken first, so
    that a turn may name an item and tell of it in any order. An answer that says what is
    settled already changes nothing and makes no event.
    """
    before = state
    events: list[Event] = []
    accepted: list[Accepted] = []
    refused: list[Refused] = []
    for sent in _in_order(script, state, answers, unnumbered):
        try:
            after, event, done = _take(script, state, sent, author, at)
        except AnswerRefused as error:
            refused.append(_refused(script, state, sent, error))
            continue
        accepted.append(done)
        if event is not None:
            state = after
            events.append(event)
    if events:
        noted = [Refusal(at=at, author=author, question=r.question) for r in refused]
        state = fold(script, state, noted)
        events += noted
    return TurnResult(
        state=state,
        events=tuple(events),
        accepted=tuple(accepted),
        refused=tuple(refused),
        stale=_newly_stale(script, before, state),
    )


def _in_order(
    script: Script, state: State, answers: Sequence[AnswerInput], unnumbered: str | None
) -> Iterator[AnswerInput]:
    if unnumbered is not None:
        waiting = open_questions(script, state)
        # With nothing left to ask, the number of the first question says where a text belongs.
        number = waiting[0].number if waiting else script.questions[0].number
        answers = [AnswerInput(question=number, text=unnumbered), *answers]
    yield from sorted(answers, key=lambda sent: sent.question.count(".") > 1)


def _take(
    script: Script, state: State, sent: AnswerInput, author: str, at: str
) -> tuple[State, Answered | None, Accepted]:
    place = locate(script, state, sent.question)
    if place is None:
        raise AnswerRefused(_no_such_question(script, sent.question))
    question, item = place
    answer, confidence = read_answer(script, question, sent)
    settled = state.settled.get((question.number, item))
    if isinstance(answer, SkipAnswer) and settled is not None and question.required:
        raise AnswerRefused("this is answered already; to change it, answer it again")
    event = Answered(
        at=at,
        author=author,
        question=question.number,
        item=item,
        answer=answer,
        confidence=confidence,
    )
    after = fold(script, state, [event])
    changed = changed_pointers(script, state, after)
    done = Accepted(
        question=sent.question,
        text=notation.write(answer),
        confidence=confidence,
        changed=changed,
    )
    said_before = settled is not None and (settled.answer, settled.confidence) == (
        answer,
        confidence,
    )
    return after, (None if said_before and not changed else event), done


def _no_such_question(script: Script, number: str) -> str:
    section, place, *rest = number.split(".")
    base = f"{section}.{place}"
    if rest and script.question(base, repeated=True) is not None:
        return f"no item has the number {rest[0]} now; the items are named first"
    if not rest and script.question(base, repeated=True) is not None:
        return f"{base} is asked of each item: answer {base}.1, {base}.2, ..."
    return f"there is no question {number}"


def _refused(script: Script, state: State, sent: AnswerInput, error: AnswerRefused) -> Refused:
    place = locate(script, state, sent.question)
    example = place[0].example if place is not None else script.questions[0].example
    number = number_of(state, *place) if place is not None else sent.question
    return Refused(
        question=number,
        reason=error.reason,
        example=example,
        position=error.position,
        pointer=error.pointer,
    )


def _newly_stale(script: Script, before: State, after: State) -> tuple[Stale, ...]:
    known = set(stale(script, before))
    return tuple(s for s in stale(script, after) if s not in known)
