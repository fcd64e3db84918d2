"""Where each leaf stands in the artifact: the draft, its provenance, and what a change touched."""

from collections.abc import Iterable, Iterator
from typing import Any

from quaestor_design_api.domain import notation
from quaestor_design_api.domain.questions import number_of
from quaestor_design_api.domain.script import Collection, Script
from quaestor_design_api.domain.state import Leaf, LeafKey, State
from quaestor_shared.contracts.draft import Provenance
from quaestor_shared.pointers import pointer

__all__ = ["changed_pointers", "design", "placed", "provenance", "question_for"]

Path = tuple[str | int, ...]


def placed(script: Script, state: State) -> Iterator[tuple[Path, Leaf]]:
    """Give every leaf that counts now, with its path in the artifact."""
    for place, leaf in state.leaves.items():
        path = _placed(script, state, place)
        if path is not None:
            yield path, leaf


def design(script: Script, state: State) -> dict[str, Any]:
    """Assemble the artifact as far as its leaves are known, in the order of the items."""
    built: dict[str, Any] = {}
    for name, collection in script.collections.items():
        if name in state.items:
            _put(
                built,
                _path(collection),
                [_start(collection, item) for item in state.items[name]],
            )
    for path, leaf in placed(script, state):
        _put(built, path, leaf.value)
    return built


def provenance(script: Script, state: State) -> dict[str, Provenance]:
    """Tell of every leaf, by JSON Pointer, which answer it comes from."""
    return {pointer(path): _provenance(script, state, leaf) for path, leaf in placed(script, state)}


def question_for(script: Script, state: State, place: str) -> str | None:
    """Give the number of the question that mends what a JSON Pointer points at."""
    known = provenance(script, state)
    while place:
        if place in known:
            return known[place].question
        below = [known[p].question for p in known if p.startswith(f"{place}/")]
        if below:
            return below[0]
        place = place.rpartition("/")[0]
    return None


def changed_pointers(script: Script, before: State, after: State) -> tuple[str, ...]:
    """List the JSON Pointers whose value is new, another one, or gone."""
    if before.items != after.items:
        old, new = _all_values(script, before), _all_values(script, after)
    else:  # no item has moved, so only what was written can have changed
        touched = [
            place
            for place in dict.fromkeys([*before.leaves, *after.leaves])
            if before.leaves.get(place) is not after.leaves.get(place)
        ]
        old, new = _values(script, before, touched), _values(script, after, touched)
    return tuple(p for p in dict.fromkeys([*old, *new]) if old.get(p) != new.get(p))


def _all_values(script: Script, state: State) -> dict[str, Any]:
    values = _values(script, state, state.leaves)
    for name, collection in script.collections.items():
        values[collection.pointer] = state.items.get(name)
    return values


def _values(script: Script, state: State, places: Iterable[LeafKey]) -> dict[str, Any]:
    paths = ((place, _placed(script, state, place)) for place in places if place in state.leaves)
    return {pointer(path): state.leaves[place].value for place, path in paths if path is not None}


def _provenance(script: Script, state: State, leaf: Leaf) -> Provenance:
    number, item = leaf.question
    question = script.question(number, repeated=item is not None)
    return Provenance(
        question=number if question is None else number_of(state, question, item),
        answer=notation.write(leaf.settled.answer),
        author=leaf.settled.author,
        at=leaf.settled.at,
        version=leaf.settled.version,
        confidence=leaf.settled.confidence,
    )


def _placed(script: Script, state: State, place: LeafKey) -> Path | None:
    """Give the path of a leaf, or None while its item is not named."""
    if len(place) == 1:
        return tuple(place[0].split("."))
    collection, item, part = place
    if not state.live(collection, item):
        return None
    return (*_path(script.collections[collection]), state.items[collection].index(item), part)


def _path(collection: Collection) -> tuple[str, ...]:
    return tuple(collection.pointer.split("/")[1:])


def _start(collection: Collection, item: str) -> dict[str, Any]:
    named = {} if collection.key is None else {collection.key: item}
    return {**named, **collection.defaults}


def _put(target: Any, path: Path, value: Any) -> None:  # noqa: ANN401 - a JSON value
    *parents, last = path
    for step in parents:
        target = target[step] if isinstance(step, int) else target.setdefault(step, {})
    target[last] = value
