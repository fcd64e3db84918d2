"""A session's state: its journal, folded.

Items are numbered when first named and keep their number for good, so that `1.2.3` means the
same to two people who answer at once. Answers about an item that is gone are kept and count
again when it comes back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from quaestor_design_api.domain.events import Answered, Event, Finalized, Refusal, Started
from quaestor_design_api.domain.leaves import given_by
from quaestor_design_api.domain.script import QuestionDef, Script
from quaestor_shared.contracts.answers import Answer, SkipAnswer, UnknownAnswer
from quaestor_shared.contracts.draft import Confidence

__all__ = ["Leaf", "LeafKey", "QuestionKey", "Settled", "State", "fold"]

QuestionKey = tuple[str, str | None]  # ("1.2", "UserProfile") or ("4.3", None)
LeafKey = tuple[str, ...]  # ("entities", "UserProfile", "fields") or ("scaling.strategy",)


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """The answer that counts for a question, and where it came from."""

    answer: Answer
    confidence: Confidence
    author: str
    at: str
    version: int


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the artifact, and the question and answer that gave it."""

    value: Any
    question: QuestionKey
    settled: Settled


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the engine knows of a session at one version of its journal."""

    version: int = 0
    feature_id: str = ""
    profile: str = ""
    script_version: str = ""
    created_at: str = ""
    updated_at: str = ""
    changed_at: str = ""
    draft_version: int = 0
    settled: Mapping[QuestionKey, Settled] = {}
    items: Mapping[str, tuple[str, ...]] = {}
    ordinals: Mapping[str, Mapping[str, int]] = {}
    leaves: Mapping[LeafKey, Leaf] = {}
    refusals: Mapping[str, int] = {}
    changes: Mapping[QuestionKey, int] = {}
    finalized: Finalized | None = None

    def live(self, collection: str, item: str | None) -> bool:
        """Say whether an item is named by the answer that counts now."""
        return item in self.items.get(collection, ())


def fold(script: Script, state: State, events: Iterable[Event]) -> State:
    """Apply events to a state, in order; the state given stays as it is."""
    for event in events:
        state = msgspec.structs.replace(
            _apply(script, state, event), version=state.version + 1, updated_at=event.at
        )
    return state


def _apply(script: Script, state: State, event: Event) -> State:
    match event:
        case Started():
            return msgspec.structs.replace(
                state,
                feature_id=event.feature_id,
                profile=event.profile,
                script_version=event.script_version,
                created_at=event.at,
                changed_at=event.at,
            )
        case Answered():
            return _answer(script, state, event)
        case Refusal():
            count = state.refusals.get(event.question, 0) + 1
            return msgspec.structs.replace(
                state, refusals={**state.refusals, event.question: count}
            )
        case Finalized():
            return msgspec.structs.replace(state, finalized=event)


def _answer(script: Script, state: State, event: Answered) -> State:
    question = script.question(event.question, repeated=event.item is not None)
    if question is None:  # asked by an older script; what it gave is gone with it
        return state
    key = (event.question, event.item)
    settled = Settled(
        answer=event.answer,
        confidence=event.confidence,
        author=event.author,
        at=event.at,
        version=state.version + 1,
    )
    changes = dict(state.changes)
    if key in state.settled:
        changes[key] = changes.get(key, 0) + 1
    items, ordinals = _name_items(state, question, event.answer)
    return msgspec.structs.replace(
        state,
        changed_at=event.at,
        draft_version=state.version + 1,
        settled={**state.settled, key: settled},
        changes=changes,
        items=items,
        ordinals=ordinals,
        leaves=_leaves(state, question, key, settled),
    )


def _name_items(
    state: State, question: QuestionDef, answer: Answer
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Mapping[str, int]]]:
    names = given_by(answer, question.fills).items
    if question.names is None or names is None:
        return state.items, state.ordinals
    ordinals = dict(state.ordinals.get(question.names, {}))
    for name in names:
        ordinals.setdefault(name, len(ordinals) + 1)
    return (
        {**state.items, question.names: names},
        {**state.ordinals, question.names: ordinals},
    )


def _leaves(
    state: State, question: QuestionDef, key: QuestionKey, settled: Settled
) -> Mapping[LeafKey, Leaf]:
    """Set what the answer gives, and clear what is the question's own and no longer said."""
    scope: LeafKey = ()
    if question.names is not None:
        scope = (question.names,)
    elif question.each is not None and key[1] is not None:
        scope = (question.each, key[1])
    own = {(*scope, leaf) for leaf in (*question.fills, *question.optional)}
    kept = {place: leaf for place, leaf in state.leaves.items() if place not in own}
    values = _values(question, settled.answer)
    return kept | {
        (*scope, *place): Leaf(value=value, question=key, settled=settled)
        for place, value in values.items()
    }


def _values(question: QuestionDef, answer: Answer) -> Mapping[LeafKey, Any]:
    if isinstance(answer, SkipAnswer):
        return {}
    if isinstance(answer, UnknownAnswer):
        return {(leaf,): value for leaf, value in (question.unknown or {}).items()}
    return given_by(answer, question.fills or question.optional).leaves
