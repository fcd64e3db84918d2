"""Which questions exist now, where each stands, and how far the interview is.

A question exists exactly while its data is missing: it is open until the leaves that it must
fill are there, whoever's answer filled them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from quaestor_design_api.domain.script import QuestionDef, Script
from quaestor_design_api.domain.state import QuestionKey, State
from quaestor_shared.contracts.answers import SkipAnswer
from quaestor_shared.contracts.questions import (
    Progress,
    Question,
    QuestionState,
    SectionProgress,
)

__all__ = [
    "Asked",
    "all_questions",
    "locate",
    "next_section",
    "number_of",
    "open_questions",
    "progress",
    "still_open",
    "view",
]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the script, about one item where it repeats, and whether it is settled."""

    definition: QuestionDef
    number: str
    item: str | None
    settled: bool
    set_aside: bool

    @property
    def key(self) -> QuestionKey:
        """Give the key under which its answer is kept."""
        return self.definition.number, self.item


def all_questions(script: Script, state: State) -> Iterator[Asked]:
    """Give every question that the items named so far bring about, in the script's order."""
    for definition in script.questions:
        if definition.each is None:
            yield _asked(script, state, definition, None)
        else:
            ordinals = state.ordinals.get(definition.each, {})
            for item in sorted(state.items.get(definition.each, ()), key=ordinals.__getitem__):
                yield _asked(script, state, definition, item)


def open_questions(script: Script, state: State) -> tuple[Asked, ...]:
    """Give the questions whose data is missing; those set aside come last."""
    return still_open(all_questions(script, state))


def still_open(questions: Iterable[Asked]) -> tuple[Asked, ...]:
    """Give those whose data is missing; those set aside come last."""
    missing = [asked for asked in questions if not asked.settled]
    return tuple(sorted(missing, key=lambda asked: asked.set_aside))


def next_section(questions: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Give the questions to ask next: those of the first section that has any."""
    if not questions:
        return ()
    first = questions[0]
    return tuple(
        asked
        for asked in questions
        if asked.definition.section == first.definition.section
        and asked.set_aside == first.set_aside
    )


def locate(script: Script, state: State, number: str) -> tuple[QuestionDef, str | None] | None:
    """Give the question and the item that a number means now, or None."""
    section, place, *rest = number.split(".")
    definition = script.question(f"{section}.{place}", repeated=bool(rest))
    if definition is None:
        return None
    if definition.each is None:
        return definition, None
    for item in state.items.get(definition.each, ()):
        if state.ordinals[definition.each][item] == int(rest[0]):
            return definition, item
    return None


def number_of(state: State, definition: QuestionDef, item: str | None) -> str:
    """Give the full number of a question about an item."""
    if definition.each is None or item is None:
        return definition.number
    ordinal = state.ordinals.get(definition.each, {}).get(item, 0)
    return f"{definition.number}.{ordinal}"


def progress(script: Script, questions: Iterable[Asked]) -> Progress:
    """Count those of a script's questions that are settled, in all and by section."""
    settled: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missing = 0
    for asked in questions:
        section = asked.definition.section
        total[section] += 1
        settled[section] += asked.settled
        missing += asked.definition.required and not asked.settled
    return Progress(
        settled=settled.total(),
        total=total.total(),
        percent=100 * settled.total() // total.total(),
        missing_required=missing,
        ready=missing == 0,
        sections=tuple(
            SectionProgress(
                number=section.number,
                title=section.title,
                settled=settled[section.number],
                total=total[section.number],
            )
            for section in script.sections
        ),
    )


def view(asked: Asked) -> Question:
    """Show a question to whoever answers."""
    definition = asked.definition
    return Question(
        number=asked.number,
        section=definition.section,
        text=definition.text.replace("{item}", asked.item or ""),
        help=definition.help,
        answer_type=definition.answer,
        notation=definition.notation,
        example=definition.example,
        required=definition.required,
        item=asked.item,
        state=QuestionState.SET_ASIDE if asked.set_aside else QuestionState.OPEN,
        can_be_unknown=definition.unknown is not None,
    )


def _asked(script: Script, state: State, definition: QuestionDef, item: str | None) -> Asked:
    settled = _settled(script, state, definition, item)
    answer = state.settled.get((definition.number, item))
    return Asked(
        definition=definition,
        number=number_of(state, definition, item),
        item=item,
        settled=settled,
        set_aside=not settled and answer is not None and isinstance(answer.answer, SkipAnswer),
    )


def _settled(script: Script, state: State, definition: QuestionDef, item: str | None) -> bool:
    if definition.names is not None:
        named = state.items.get(definition.names)
        return named is not None and len(named) >= script.collections[definition.names].min_items
    scope = (definition.each, item) if definition.each is not None and item is not None else ()
    if definition.fills:
        return all((*scope, leaf) in state.leaves for leaf in definition.fills)
    return (definition.number, item) in state.settled or any(
        (*scope, leaf) in state.leaves for leaf in definition.optional
    )
