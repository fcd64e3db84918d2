"""What a change took the ground from: answers about items that are gone, or that point at them."""

from collections.abc import Iterator

from quaestor_design_api.domain.questions import number_of
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.state import State
from quaestor_shared.contracts.findings import Finding, Fix, Severity
from quaestor_shared.contracts.sessions import Stale

__all__ = ["findings", "stale"]


def stale(script: Script, state: State) -> tuple[Stale, ...]:
    """List the answers that no longer stand on anything, by question number."""
    return (*_orphans(script, state), *_dangling(script, state))


def findings(script: Script, state: State) -> tuple[Finding, ...]:
    """Find relationships that name no entity: the design would contradict itself."""
    found = []
    for item, target in _loose_ends(state):
        number = _asks_for_relationships(script, state, item)
        index = state.items["entities"].index(item)
        found.append(
            Finding(
                code="references/unknown-entity",
                severity=Severity.ERROR,
                message=f"{item} relates to {target}, which is no entity of this design.",
                pointer=f"/entities/{index}/relationships",
                question=number,
                fix=Fix(description=f"Name {target} in 1.1, or leave it out of {number}."),
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
    for item, target in _loose_ends(state):
        if target in once:
            yield Stale(
                question=_asks_for_relationships(script, state, item),
                item=item,
                reason=f"it relates to {target}, which is not named as an entity any more",
            )


def _loose_ends(state: State) -> Iterator[tuple[str, str]]:
    """Give every live entity with a relationship whose target is none."""
    for item in state.items.get("entities", ()):
        leaf = state.leaves.get(("entities", item, "relationships"))
        for target in leaf.value if leaf is not None else ():
            if not state.live("entities", target):
                yield item, target


def _asks_for_relationships(script: Script, state: State, item: str) -> str:
    """Give the number of the question that mends an entity's relationships."""
    return next(
        number_of(state, question, item)
        for question in script.questions
        if question.each == "entities" and "relationships" in question.fills
    )


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
