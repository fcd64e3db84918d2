"""What holds of every comparison, whatever the designs are."""

import random
from typing import Any

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.designs import artifacts, at, edited, example, leaves

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.diffs import Change, ChangeKind
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.diff.artifacts import artifact_changes

Path = tuple[str | int, ...]
_NAMES = {"name", "provider", "technology"}


def changes(before: Any, after: Any) -> list[Change]:
    """Compare two documents."""
    return artifact_changes(msgspec.convert(before, Artifact), msgspec.convert(after, Artifact))


def places(found: list[Change]) -> set[str]:
    """Give every pointer that the changes name, into either document."""
    return {place.pointer for c in found for place in (c.before, c.after) if place is not None}


@settings(deadline=None)
@given(artifacts())
def test_an_artifact_has_not_changed_from_itself(artifact: Artifact) -> None:
    """Compared with itself, a design has no change."""
    assert artifact_changes(artifact, artifact) == []


@settings(deadline=None)
@given(artifacts(), st.randoms(use_true_random=False))
def test_the_order_of_named_items_is_no_change(artifact: Artifact, chance: random.Random) -> None:
    """Lists of named things may stand in any order; lists inside a payload may not."""
    document = msgspec.json.decode(msgspec.json.encode(artifact))

    def shuffle(node: Any) -> None:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if key == "payload_examples" or not isinstance(value, dict | list):
                continue
            if isinstance(value, list):
                chance.shuffle(value)
            shuffle(value)

    shuffled = msgspec.json.decode(msgspec.json.encode(artifact))
    shuffle(shuffled)
    names = [[item.get(key) for item in at(document, path)] for path, key in _LISTS]
    assume(all(len(set(found)) == len(found) for found in names))
    fields = [[f.split()[:1] for f in e["fields"]] for e in document["entities"]]
    assume(all(len({str(f) for f in found}) == len(found) for found in fields))
    assert changes(document, shuffled) == []


_LISTS: list[tuple[Path, str]] = [
    (("entities",), "name"),
    (("apis", "internal"), "name"),
    (("apis", "external"), "provider"),
    (("processes",), "name"),
    (("storage",), "technology"),
]


def test_every_leaf_that_changes_is_told_of() -> None:
    """Whatever leaf of a design gets another text, a change names its place or its item's."""
    for path in leaves(example()):
        value = _OTHER.get(str(path[-1]), _OTHER.get(str(path[-2]) if path[1:] else "", "other 7"))
        found = changes(example(), edited(example(), path, value))
        assert found, pointer(path)
        item = pointer(path[:-1]) if path[-1] in _NAMES else pointer(path)
        assert {pointer(path), item} & places(found), (pointer(path), found)


_OTHER = {"type": "batch", "kind": "search", "methods": "HEAD", "auth_method": "oidc"} | {
    "feature_id": "another-one",
    "created_at": "2026-01-01T00:00:00Z",
}


@settings(deadline=None)
@given(st.data())
def test_a_random_mutation_is_told_of_at_its_pointer(data: st.DataObject) -> None:
    """A leaf that gets another text, an item that goes or comes: its place is named."""
    artifact = data.draw(artifacts())
    document = msgspec.json.decode(msgspec.json.encode(artifact))
    mutated, expected = data.draw(st.sampled_from([_retold, _dropped, _added]))(data, document)
    found = changes(document, mutated)
    if mutated == document:
        assert found == []
        return
    named = places(found)
    assert any(_inside(place, where) for place in named for where in expected), (expected, found)


def _inside(place: str, expected: str) -> bool:
    """Say whether a place is the one expected, or, for a payload, one above or inside of it."""
    if "/payload_examples/" in expected:
        return place.startswith(expected) or expected.startswith(place)
    return place == expected


def _retold(data: st.DataObject, document: Any) -> tuple[Any, list[str]]:
    choices = {*_OTHER, "methods"}
    paths = [
        path
        for path in leaves(document)
        if not choices & {str(step) for step in path[-2:]} and "payload_examples" not in path
    ]
    path = data.draw(st.sampled_from(paths))
    value = data.draw(st.text(st.sampled_from("ab 1<ms"), min_size=1, max_size=12))
    item = [pointer(path[:-1])] if path[-1] in _NAMES else []
    return edited(document, path, value), [pointer(path), *item]


def _dropped(data: st.DataObject, document: Any) -> tuple[Any, list[str]]:
    paths = [
        path
        for path in _items(document)
        if len(at(document, path[:-1])) > 1 or path[0] not in ("entities", "storage")
    ]
    if not paths:
        return document, []
    path = data.draw(st.sampled_from(paths))
    # Of two with one name either may count as gone.
    alike = [
        p for p in paths if p[:-1] == path[:-1] and _known(document, p) == _known(document, path)
    ]
    return edited(document, path), [*map(pointer, alike)]


def _known(document: Any, path: Path) -> Any:
    """Give what an item is known by."""
    item = at(document, path)
    if isinstance(item, dict):
        return [item.get(key) for key in (*_NAMES, "kind")]
    return item.split()[:1] if path[-2] == "fields" else item


def _added(data: st.DataObject, document: Any) -> tuple[Any, list[str]]:
    lists = [path for path in _texts(document) if path[-1] != "methods"]
    path = data.draw(st.sampled_from(lists))
    text = data.draw(st.sampled_from(["entirely new", "new_one text", "9"]))
    values = [*at(document, path), text]
    return edited(document, path, values), [pointer((*path, len(values) - 1))]


def _items(node: Any, path: Path = ()) -> list[Path]:
    """Give the path of every item of a list, payloads left out."""
    if isinstance(node, dict):
        inner = [(k, v) for k, v in node.items() if k != "payload_examples"]
        return [p for key, value in inner for p in _items(value, (*path, key))]
    if isinstance(node, list):
        below = [p for i, value in enumerate(node) for p in _items(value, (*path, i))]
        return [*((*path, i) for i in range(len(node))), *below]
    return []


def _texts(document: Any) -> list[Path]:
    """Give the path of every list of texts."""
    entities = range(len(document["entities"]))
    found: list[Path] = [("entities", i, key) for i in entities for key in ("fields",)]
    found += [("entities", i, "relationships") for i in entities]
    found += [("observability", key) for key in ("metrics", "health_checks")]
    return [*found, ("dependencies",), ("assumptions",), ("open_questions",)]


@settings(deadline=None)
@given(artifacts(), artifacts())
def test_a_change_is_one_in_both_directions(before: Artifact, after: Artifact) -> None:
    """What changed there changed back, and little that is new alone can break anything."""
    there, back = artifact_changes(before, after), artifact_changes(after, before)
    assert bool(there) == bool(back)
    new = {change.code for change in there if change.before is None}
    breaking = {change.code for change in there if change.kind is ChangeKind.BREAKING}
    assert new & breaking <= {"diff/field-required", "diff/limit-lowered"}
