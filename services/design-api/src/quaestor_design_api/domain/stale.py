"""What a change took the ground from: answers about items that are gone, or that point at them."""

from collections.abc import Iterator

from quaestor_design_api.domain.questions import number_of
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.state import State
from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_shared.contracts.sessions import Stale

__all__ = ["findings", "stale"]


def stale(script: Script, state: State) -> tuple[Stale, ...]:
    """List the answers that no longer stand on anything, by question number."""
    return (*_orphans(script, state), *_dangling(script, state))


def findings(script: Script, state: State) -> tuple[Finding, ...]:
    """Find relationships that name no entity: the design would contradict itself."""
    found = []
    for place, item, target in _relationships(state):
        question = script.question(state.leaves[place].question[0], repeated=True)
        number = number_of(state, question, item) if question is not None else place[0]
        index = state.items["entities"].index(item)
        found.append(
            Finding(
                code="references/unknown-entity",
                severity=Severity.ERROR,
                message=f"{item} relates to {target}, which is no entity of this design.",
                pointer=f"/entities/{index}/relationships",
                question=number,
                fix=f"Name {target} in 1.1, or leave it out of {number}.",
            )
        )
    return tuple(found)


def _orphans(script: Script, state: State) -> Iterator[Stale]:
    for number, item in state.settled:
        if item is None:
            continue
        question = script.question(number, repeated=True)
        if question is None or question.each is None or state.live(question.each, item):
            continue
        noun = script.collections[question.each].noun
        yield Stale(
            question=number_of(state, question, item),
            item=item,
            reason=f"{item} is not named as {_article(noun)} any more",
        )


def _dangling(script: Script, state: State) -> Iterator[Stale]:
    """Only what once was an entity makes an answer stale; a name never heard of is a finding."""
    once = state.ordinals.get("entities", {})
    for place, item, target in _relationships(state):
        question = script.question(state.leaves[place].question[0], repeated=True)
        if target in once and question is not None:
            yield Stale(
                question=number_of(state, question, item),
                item=item,
                reason=f"it relates to {target}, which is not named as an entity any more",
            )


def _relationships(state: State) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Give every relationship of a live entity whose target is none."""
    for item in state.items.get("entities", ()):
        place = ("entities", item, "relationships")
        leaf = state.leaves.get(place)
        for target in leaf.value if leaf is not None else ():
            if not state.live("entities", target):
                yield place, item, target


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
