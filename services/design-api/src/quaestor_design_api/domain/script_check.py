"""What a script must keep to, beyond its form."""

from collections.abc import Callable, Iterator

from quaestor_design_api.domain import notation
from quaestor_design_api.domain.leaves import given_by
from quaestor_design_api.domain.script import QuestionDef, Script

__all__ = ["faults"]


def faults(script: Script) -> list[str]:
    """List what is wrong with a script: numbering, references, examples."""
    return [fault for check in _CHECKS for fault in check(script)]


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _numbering(script: Script) -> Iterator[str]:
    numbers = [(_order(q.number), q.each is not None) for q in script.questions]
    if numbers != sorted(set(numbers)):
        yield "the questions are not in ascending order, each number once and once for items"
    sections = {section.number for section in script.sections}
    for question in script.questions:
        if question.section not in sections:
            yield f"{question.number} belongs to no section"


def _collections(script: Script) -> Iterator[str]:
    named: set[str] = set()
    for question in script.questions:
        if question.names is not None:
            named.add(question.names)
        for collection in (question.names, question.each):
            if collection is not None and collection not in script.collections:
                yield f"{question.number} speaks of the unknown collection {collection!r}"
        if question.each is not None and question.each not in named:
            yield f"{question.number} repeats over {question.each!r} before anything names it"
    for missing in sorted(set(script.collections) - named):
        yield f"no question names the collection {missing!r}"


def _purpose(script: Script) -> Iterator[str]:
    for question in script.questions:
        if not (question.names or question.fills or question.optional):
            yield f"{question.number} fills nothing"
        if ("{item}" in question.text) != (question.each is not None):
            yield f"{question.number} must speak of {{item}} exactly when it repeats"
        own = {*question.fills, *question.optional}
        for leaf in question.unknown or {}:
            if leaf not in own:
                yield f"{question.number} has an unknown value for {leaf!r}, which it does not fill"
        if question.unknown is not None and set(question.fills) - set(question.unknown):
            yield f"{question.number} lacks an unknown value for a leaf that must be filled"


def _examples(script: Script) -> Iterator[str]:
    for question in script.questions:
        if question.answer not in notation.ANSWER_TAGS:
            yield f"{question.number} takes the unknown answer type {question.answer!r}"
            continue
        try:
            yield from _example(question)
        except notation.NotationError as error:
            yield f"the example of {question.number} is refused: {error}"


def _example(question: QuestionDef) -> Iterator[str]:
    answer = notation.read(question.answer, question.example)
    given = given_by(answer, question.fills or question.optional)
    if (given.items is not None) != (question.names is not None):
        yield f"{question.number} and its answer type disagree about naming items"
    for leaf in question.fills:
        if (leaf,) not in given.leaves:
            yield f"the example of {question.number} leaves {leaf!r} open"


_CHECKS: tuple[Callable[[Script], Iterator[str]], ...] = (
    _numbering,
    _collections,
    _purpose,
    _examples,
)
