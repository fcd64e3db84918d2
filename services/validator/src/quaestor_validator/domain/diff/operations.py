"""Changes of processes and stores."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import Process, ProcessType, Store
from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.json_patch import encoded
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.items import Kind, item_changes, same_items
from quaestor_validator.domain.diff.levels import level_changes
from quaestor_validator.domain.diff.pairing import pair, with_same
from quaestor_validator.domain.diff.texts import respelled, text_changes
from quaestor_validator.domain.technologies import product_of
from quaestor_validator.domain.words import folded

__all__ = ["process_changes", "store_changes"]

_USES = {
    ProcessType.SYNC: "waits for its result",
    ProcessType.ASYNC: "hands it work and goes on",
    ProcessType.BATCH: "has its work done by a schedule",
}


def process_changes(before: At, after: At) -> Iterator[Change]:
    """Compare two lists of processes."""
    pairs = pair(before.value, after.value, name=_name, content=_process, says=_says)
    yield from item_changes(before, after, pairs, Kind("diff/process", "process", "name", _use))
    for was, now in same_items(before, after, pairs):
        yield from _kept(was, now)


def _kept(before: At, after: At) -> Iterator[Change]:
    name = after.value.name
    was, now = before.part("type"), after.part("type")
    if was.value != now.value:
        yield change(
            "diff/process-type-changed",
            f"{cut(name)} ran {was.value} and runs {now.value}",
            was,
            now,
            witness=_use(before.value, f"it runs {now.value}"),
        )
    yield from text_changes(before.part("description"), after.part("description"), name)
    yield from level_changes(before.part("sla"), after.part("sla"), name)


def _name(process: Process) -> str:
    return process.name


def _says(process: Process) -> list[str]:
    """Give what a process does, word by word."""
    return [*fold(process.description).casefold().split(" "), process.type, fold(process.sla)]


def _process(process: Process) -> bytes | None:
    """Give what a process is known by when its name is not: what it does."""
    if not process.description.strip():
        return None
    return encoded([process.type, process.description, process.sla])


def _use(process: Process, after: str) -> Witness:
    text = f"a caller of {cut_key(process.name)} that {_USES[process.type]}"
    value = {"process": process.name, "type": process.type.value}
    return witness(WitnessKind.USE, text, value, "it is served", after)


def store_changes(before: At, after: At) -> Iterator[Change]:
    """Compare two lists of stores. A store is known by its technology and its kind.

    What is left is paired by product and kind, then by kind, then by product, where only one of
    each is left: then one store was changed, and not one given up for another.
    """
    was, now = before.value, after.value
    pairs = pair(was, now, name=_kind_and_technology, content=_kind_and_product)
    for content in (_kind, _product):
        pairs = with_same(pairs, was, now, content)
    for i, j in pairs.renamed:
        if was[i].technology != now[j].technology:
            yield from _another_technology(before.part(i), after.part(j))
        if was[i].kind is not now[j].kind:
            yield _another_kind(before.part(i), after.part(j))
    yield from item_changes(
        before,
        after,
        pairs._replace(renamed=[]),
        Kind("diff/store", "store", "technology", _kept_in),
    )
    for i, j in sorted([*pairs.kept, *pairs.renamed], key=lambda both: both[1]):
        notes = before.part(i, "notes"), after.part(j, "notes")
        yield from text_changes(*notes, now[j].technology)


def _another_technology(before: At, after: At) -> Iterator[Change]:
    was, now = before.part("technology"), after.part("technology")
    old, new = product_of(was.value), product_of(now.value)
    message = f"the {after.value.kind} store was {cut(was.value)} and is {cut(now.value)}"
    if folded(was.value) == folded(now.value) or old == new:
        yield from respelled(was, now, f"the {after.value.kind} store")
    elif old.name == new.name and not () < new.version < old.version:
        yield change("diff/store-upgraded", message, was, now)
    else:
        gone = _kept_in(before.value, f"the store is {cut_key(now.value)}")
        yield change("diff/store-changed", message, was, now, witness=gone)


def _another_kind(before: At, after: At) -> Change:
    message = f"{cut(after.value.technology)} was {before.value.kind} and is {after.value.kind}"
    gone = _kept_in(before.value, f"it is used as {after.value.kind}")
    places = before.part("kind"), after.part("kind")
    return change("diff/store-kind-changed", message, *places, witness=gone)


def _kind_and_technology(store: Store) -> str:
    return f"{store.kind} {store.technology}"


def _kind(store: Store) -> bytes:
    return encoded(store.kind)


def _product(store: Store) -> bytes:
    return encoded(product_of(store.technology).name)


def _kind_and_product(store: Store) -> bytes:
    return encoded([store.kind, product_of(store.technology).name])


def _kept_in(store: Store, after: str) -> Witness:
    text = f"something that is kept in {cut_key(store.technology)} as {store.kind}"
    value = {"technology": store.technology, "kind": store.kind.value}
    return witness(WitnessKind.USE, text, value, "it is kept there", after)
