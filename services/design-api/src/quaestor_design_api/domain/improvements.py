"""Ideas to improve the interview script, drawn from how this interview went."""

from collections.abc import Callable, Iterator

from quaestor_design_api.domain.questions import all_questions, number_of
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.stale import stale
from quaestor_design_api.domain.state import State
from quaestor_shared.contracts.answers import SkipAnswer, UnknownAnswer
from quaestor_shared.contracts.draft import Confidence

__all__ = ["improvements"]

_OFTEN = 2


def improvements(script: Script, state: State) -> tuple[str, ...]:
    """List ideas for the script; empty when the interview went as it should."""
    return tuple(idea for ideas in _IDEAS for idea in ideas(script, state))


def _refused(_script: Script, state: State) -> Iterator[str]:
    for number, count in sorted(state.refusals.items()):
        yield (
            f"{number}: an answer was refused {_times(count)}. "
            "Show its example earlier, or take the form that was tried."
        )


def _unknown(script: Script, state: State) -> Iterator[str]:
    numbers = _numbers(script, state, UnknownAnswer)
    if numbers:
        yield (
            f"{_list(numbers)}: nobody knew the answer. "
            "Ask for research before this question, or ask somebody else."
        )


def _assumed(script: Script, state: State) -> Iterator[str]:
    numbers = [
        asked.number
        for asked in all_questions(script, state)
        if (settled := state.settled.get(asked.key)) is not None
        and settled.confidence is Confidence.ASSUMED
    ]
    if numbers:
        yield (
            f"{_list(numbers)}: answered by assumption. Name in the help text who could confirm it."
        )


def _skipped(script: Script, state: State) -> Iterator[str]:
    numbers = _numbers(script, state, SkipAnswer)
    if numbers:
        yield f"{_list(numbers)}: skipped. Ask it only where an earlier answer makes it matter."


def _changed(script: Script, state: State) -> Iterator[str]:
    for (number, item), count in sorted(state.changes.items(), key=str):
        question = script.question(number, repeated=item is not None)
        if question is not None and count >= _OFTEN:
            yield (
                f"{number_of(state, question, item)}: the answer was changed {_times(count)}. "
                "Its text may be read in more than one way."
            )


def _late_items(script: Script, state: State) -> Iterator[str]:
    """Items that were named only after others had been told of in full."""
    for question in script.questions:
        changes = state.changes.get((question.number, None), 0)
        if question.names is not None and changes:
            noun = script.collections[question.names].noun
            yield (
                f"{question.number}: the list was completed {_times(changes)} later on. "
                f"Ask for every {noun} with a checklist of the usual ones."
            )


def _orphaned(script: Script, state: State) -> Iterator[str]:
    orphans = stale(script, state)
    if orphans:
        yield (
            f"{_list([s.question for s in orphans])}: answered for nothing, because what it was "
            "about is gone. Confirm the list before its details are asked for."
        )


def _numbers(script: Script, state: State, kind: type[SkipAnswer | UnknownAnswer]) -> list[str]:
    return [
        asked.number
        for asked in all_questions(script, state)
        if (settled := state.settled.get(asked.key)) is not None
        and isinstance(settled.answer, kind)
    ]


def _list(numbers: list[str]) -> str:
    return ", ".join(dict.fromkeys(numbers))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


_IDEAS: tuple[Callable[[Script, State], Iterator[str]], ...] = (
    _refused,
    _unknown,
    _assumed,
    _skipped,
    _changed,
    _late_items,
    _orphaned,
)
