"""`UserProfile: id uuid pk, email text unique -> MealPlan | 100k in 12 months; MealPlan`."""

import msgspec

from quaestor_design_api.domain.notation.scan import NotationError, Piece, split, whole
from quaestor_design_api.domain.notation.words import name, names, phrase
from quaestor_shared.contracts.answers import EntitiesAnswer, EntityAnswer
from quaestor_shared.contracts.items import EntityItem, FieldSpec

__all__ = ["read_entities", "read_entity", "write_entities", "write_entity", "write_field"]


def read_entities(text: str) -> EntitiesAnswer:
    """Read entities: bare names parted by commas, or `Name: shape`, parted by semicolons."""
    items: list[EntityItem] = []
    for segment in split(whole(text), ";\n"):
        head, shape = segment.partition(":")
        if shape is None:
            items += [EntityItem(name=name(n, "entity")) for n in split(segment, ",")]
        else:
            items.append(_item(head, shape))
    if not items:
        raise NotationError("at least one entity is needed", 0)
    return EntitiesAnswer(items=tuple(items))


def read_entity(text: str) -> EntityAnswer:
    """Read one entity's shape; its name may stand before a colon."""
    piece = whole(text)
    head, shape = piece.partition(":")
    fields, relationships, growth = _shape(shape if shape is not None else head)
    if not fields:
        raise NotationError("the fields are missing", piece.at)
    return EntityAnswer(fields=fields, relationships=relationships or (), expected_growth=growth)


def write_entities(answer: EntitiesAnswer) -> str:
    """Write entities in their notation."""
    return "; ".join(
        item.name
        if item.fields is None and item.relationships is None and item.expected_growth is None
        else f"{item.name}: {_write(item.fields, item.relationships, item.expected_growth)}"
        for item in answer.items
    )


def write_entity(answer: EntityAnswer) -> str:
    """Write one entity's shape in its notation."""
    return _write(answer.fields, answer.relationships, answer.expected_growth)


def write_field(spec: FieldSpec) -> str:
    """Write a field as name, type and constraints: also its form in the artifact."""
    return " ".join([spec.name, *([spec.type] if spec.type else []), *spec.constraints])


def _item(head: Piece, shape: Piece) -> EntityItem:
    fields, relationships, growth = _shape(shape)
    return EntityItem(
        name=name(head, "entity"),
        fields=fields or None,
        # Fields without an arrow say that there is no relationship.
        relationships=() if fields and relationships is None else relationships,
        expected_growth=growth,
    )


def _shape(
    piece: Piece,
) -> tuple[tuple[FieldSpec, ...], tuple[str, ...] | None, str | None]:
    body, growth = piece.partition("|")
    left, right = body.partition("->")
    fields = tuple(_field(part) for part in split(left, ","))
    seen: set[str] = set()
    for spec, part in zip(fields, split(left, ","), strict=True):
        if spec.name.lower() in seen:
            raise NotationError(f"the field {spec.name!r} stands twice", part.at)
        seen.add(spec.name.lower())
    return (
        fields,
        None if right is None else names(split(right, ","), "related entity"),
        None if growth is None else phrase(growth, "growth"),
    )


def _field(piece: Piece) -> FieldSpec:
    words = piece.text.split()
    try:
        return msgspec.convert(
            {"name": words[0], "type": words[1] if words[1:] else None, "constraints": words[2:]},
            FieldSpec,
        )
    except msgspec.ValidationError as error:
        raise NotationError(
            f"{piece.text[:40]!r} is no field; write a name, then a type, then constraints",
            piece.at,
        ) from error


def _write(
    fields: tuple[FieldSpec, ...] | None, relationships: tuple[str, ...] | None, growth: str | None
) -> str:
    text = ", ".join(map(write_field, fields or ()))
    if relationships or (relationships is not None and not fields):
        text += f" -> {', '.join(relationships)}"
    if growth is not None:
        text += f" | {growth}"
    return text.strip()
