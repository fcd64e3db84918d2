"""Changes of entities: their names, fields, relationships and growth."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import Entity
from quaestor_shared.contracts.diffs import Change, Witness, WitnessKind
from quaestor_shared.json_patch import encoded
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut, cut_key
from quaestor_validator.domain.diff.columns import read_column, row_of
from quaestor_validator.domain.diff.fields import field_changes
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.items import Kind, item_changes, same_items
from quaestor_validator.domain.diff.levels import growth_changes
from quaestor_validator.domain.diff.pairing import pair

__all__ = ["entity_changes"]

_SHOWN = 20
_COMMON = frozenset(("id", "created_at", "updated_at", "deleted_at"))


def entity_changes(before: At, after: At) -> Iterator[Change]:
    """Compare two lists of entities."""
    pairs = pair(before.value, after.value, name=_name, content=_content, says=_says)
    yield from item_changes(before, after, pairs, Kind("diff/entity", "entity", "name", _row_of))
    renamed = {before.value[i].name: after.value[j].name for i, j in pairs.renamed}
    for was, now in same_items(before, after, pairs):
        yield from field_changes(was, now)
        yield from _relationships(was, now, renamed)
        yield from growth_changes(was.part("expected_growth"), now.part("expected_growth"))


def _name(entity: Entity) -> str:
    return entity.name


def _says(entity: Entity) -> list[str]:
    """Give what an entity has, in parts; what nearly every entity has tells nothing."""
    fields = [fold(field) for field in entity.fields]
    names = [field.partition(" ")[0] for field in fields]
    own = [text for text in (*fields, *names) if text.partition(" ")[0] not in _COMMON]
    return [
        *own,
        *(f"-> {fold(text)}" for text in entity.relationships),
        fold(entity.expected_growth),
    ]


def _content(entity: Entity) -> bytes | None:
    """Give what an entity is known by when its name is not: its fields and relationships."""
    if not entity.fields and not entity.relationships:
        return None
    parts = sorted(map(fold, entity.fields)), sorted(map(fold, entity.relationships))
    return encoded([*parts, fold(entity.expected_growth)])


def _row_of(entity: Entity, after: str) -> Witness:
    columns = [read_column(field) for field in entity.fields][:_SHOWN]
    row = row_of(columns, *(column.name for column in columns))
    value = {"entity": entity.name, "row": row}
    return witness(WitnessKind.ROW, f"a row of {cut_key(entity.name)}", value, "it is taken", after)


def _relationships(before: At, after: At, renamed: dict[str, str]) -> Iterator[Change]:
    olds, news = before.part("relationships"), after.part("relationships")
    pairs = pair(
        olds.value,
        news.value,
        name=lambda text: text,
        content=lambda text: encoded(renamed.get(text, text)),
    )
    for i in pairs.removed:
        target = olds.value[i]
        yield change(
            "diff/relationship-removed",
            f"{cut(after.value.name)} no longer refers to {cut(target)}",
            olds.part(i),
            None,
            witness=_reference(before.value, target, f"{cut_key(after.value.name)} has no such"),
        )
    for j in pairs.added:
        message = f"{cut(after.value.name)} refers to {cut(news.value[j])} now"
        yield change("diff/relationship-added", message, None, news.part(j))
    for i, j in pairs.renamed:
        names = olds.value[i], news.value[j]
        followed = renamed.get(names[0]) == names[1]
        yield change(
            "diff/relationship-renamed" if followed else "diff/wording-changed",
            f"{cut(after.value.name)} refers to {cut(names[0])} as {cut(names[1])}",
            olds.part(i),
            news.part(j),
            rename=names,
            witness=_reference(before.value, names[0], f"there is no entity {cut_key(names[0])}")
            if followed
            else None,
        )


def _reference(entity: Entity, target: str, after: str) -> Witness:
    value = {"entity": entity.name, "refers_to": target}
    text = f"a row of {cut_key(entity.name)} that refers to a {cut_key(target)}"
    return witness(WitnessKind.ROW, text, value, "the reference is kept", after)
