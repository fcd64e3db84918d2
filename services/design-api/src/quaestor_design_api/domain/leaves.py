"""What an answer says, leaf by leaf.

A leaf is a value of the artifact under a key: `("UserProfile", "fields")` for a part of an item,
`("scaling.strategy",)` for a part of the design itself. Values are JSON, as in the artifact.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from quaestor_design_api.domain.notation.entities import write_field
from quaestor_shared.contracts.answers import (
    Answer,
    AuditAnswer,
    EntitiesAnswer,
    EntityAnswer,
    ExternalApisAnswer,
    InternalApisAnswer,
    ListAnswer,
    ObservabilityAnswer,
    ProcessAnswer,
    ProcessesAnswer,
    ResidencyAnswer,
    StoresAnswer,
    TextAnswer,
)
from quaestor_shared.contracts.items import EntityItem, ProcessItem, StoreItem

__all__ = ["Given", "given_by", "item_name"]

Leaves = dict[tuple[str, ...], Any]


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """The items that an answer names, if it names any, and the leaves that it gives."""

    items: tuple[str, ...] | None = None
    leaves: Mapping[tuple[str, ...], Any] = {}


def given_by(answer: Answer, fills: tuple[str, ...]) -> Given:
    """Take an answer apart; the value of a `text` or `list` answer goes to the first of `fills`."""
    if isinstance(answer, TextAnswer):
        return Given(leaves={fills[:1]: answer.text})
    if isinstance(answer, ListAnswer):
        return Given(leaves={fills[:1]: list(answer.items)})
    if isinstance(answer, _LISTS):
        return _items(answer.items)
    return Given(leaves={(part,): value for part, value in _parts(answer).items()})


def item_name(item: Any) -> str:  # noqa: ANN401 - one of the item Structs
    """Give the name that an item is known by; a store has its kind and technology."""
    if isinstance(item, StoreItem):
        return f"{item.kind.value} {item.technology}" if item.technology else item.kind.value
    return str(item.name)


_LISTS = EntitiesAnswer | ExternalApisAnswer | InternalApisAnswer | ProcessesAnswer | StoresAnswer


def _items(items: Iterable[Any]) -> Given:
    names: list[str] = []
    leaves: Leaves = {}
    for item in items:
        name = item_name(item)
        names.append(name)
        leaves |= {(name, part): value for part, value in _parts(item).items()}
    return Given(items=tuple(names), leaves=leaves)


def _parts(said: Any) -> dict[str, Any]:  # noqa: ANN401 - an item or answer Struct
    rename: Callable[[Any], dict[str, Any]] = _RENAMES.get(type(said), _same)
    parts = rename(said)
    return {part: msgspec.to_builtins(value) for part, value in parts.items() if value is not None}


def _same(said: msgspec.Struct) -> dict[str, Any]:
    values = msgspec.structs.asdict(said)
    values.pop("name", None)
    if values.get("methods"):
        values["methods"] = tuple(dict.fromkeys(values["methods"]))
    return values


def _entity(said: EntityItem | EntityAnswer) -> dict[str, Any]:
    fields = None if said.fields is None else [write_field(spec) for spec in said.fields]
    return _same(said) | {"fields": fields}


def _process(said: Any) -> dict[str, Any]:  # noqa: ANN401 - an item or answer Struct
    values = _same(said)
    values["type"] = values.pop("mode")
    return values


def _prefixed(section: str, *parts: str) -> Callable[[Any], dict[str, Any]]:
    def rename(said: msgspec.Struct) -> dict[str, Any]:
        return {f"{section}.{part}": getattr(said, part) for part in parts}

    return rename


_RENAMES: dict[type, Callable[[Any], dict[str, Any]]] = {
    EntityItem: _entity,
    EntityAnswer: _entity,
    ProcessAnswer: _process,
    ProcessItem: _process,
    AuditAnswer: _prefixed("compliance", "logging", "audit"),
    ResidencyAnswer: _prefixed("compliance", "residency", "notes"),
    ObservabilityAnswer: _prefixed("observability", "metrics", "health_checks", "traces"),
}
