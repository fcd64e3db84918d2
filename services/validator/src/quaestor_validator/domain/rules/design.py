"""A design as rules look at it: the artifact, and what several of them want to know of it.

Each thing is worked out when a rule first asks, and once, because a design may have thousands of
entities, and dozens of rules look at each.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec
from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.artifact import Artifact, StorageKind
from quaestor_validator.domain.personal_data import personal_kind
from quaestor_validator.domain.words import folded, folded_all

__all__ = ["Design", "PersonalField"]


_ID = frozenset(("id", "Id", "ID"))


class PersonalField(msgspec.Struct, frozen=True):
    """A field that, by its name, holds data about a person."""

    entity: int
    field: int
    name: str
    kind: str


class Design:
    """An artifact that is to be looked at from several sides."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact

    @cached_property
    def entity_folds(self) -> list[str]:
        """The names of the entities, folded, in order."""
        return folded_all([entity.name for entity in self.artifact.entities])

    @cached_property
    def entity_by_fold(self) -> dict[str, int]:
        """The place of the first entity with each folded name."""
        places = enumerate(self.entity_folds)
        return {fold: place for place, fold in reversed(list(places))}

    @cached_property
    def field_names(self) -> list[list[str]]:
        """The name of each field, which is its first word, by entity; a blank one has none: ""."""
        return [
            [(field.split(None, 1) or ("",))[0] for field in entity.fields]
            for entity in self.artifact.entities
        ]

    @cached_property
    def distinct_fields(self) -> frozenset[str]:
        """Every field name, once."""
        return frozenset().union(*self.field_names)

    @cached_property
    def key_fields(self) -> tuple[tuple[int, int, int], ...]:
        """The fields named after an entity, such as `meal_plan_id`: entity, field, entity meant."""
        found = []
        by_fold = self.entity_by_fold
        for i, names in enumerate(self.field_names):
            for j, name in enumerate(names):
                if name[-2:] in _ID and len(name) > 2:
                    target = by_fold.get(folded(name[:-2]))
                    if target is not None:
                        found.append((i, j, target))
        return tuple(found)

    @cached_property
    def personal_fields(self) -> tuple[PersonalField, ...]:
        """The fields that hold data about people, by their names."""
        kinds = {name: kind for name in self.distinct_fields if (kind := personal_kind(name))}
        if not kinds:
            return ()
        return tuple(
            PersonalField(i, j, name, kinds[name])
            for i, names in enumerate(self.field_names)
            if not kinds.keys().isdisjoint(names)
            for j, name in enumerate(names)
            if name in kinds
        )

    @cached_property
    def kinds(self) -> frozenset[StorageKind]:
        """The kinds of store that there are."""
        return frozenset(store.kind for store in self.artifact.storage)

    @cached_property
    def examples(self) -> bytes:
        """Every example payload as JSON."""
        return msgspec.json.encode([api.payload_examples for api in self.artifact.apis.internal])

    @cached_property
    def prose(self) -> str:
        """What is said outside entities and examples, in lower case."""
        return "\n".join(self._texts()).lower()

    def says(self, *stems: str) -> bool:
        """Say whether one of the stems, in lower case, stands anywhere in the prose."""
        return any(stem in self.prose for stem in stems)

    def _texts(self) -> Iterator[str]:
        a = self.artifact
        for internal in a.apis.internal:
            yield internal.name
            yield internal.sla
        for external in a.apis.external:
            yield from _said(external.provider, external.rate_limits, external.sla)
        for process in a.processes:
            yield from (process.name, process.description, process.sla)
        for store in a.storage:
            yield from _said(store.technology, store.notes)
        yield from _said(a.scaling.strategy, a.scaling.notes)
        c = a.compliance
        yield from _said(c.logging, c.audit, c.residency, c.notes)
        o = a.observability
        yield from (*o.metrics, *o.health_checks, *(o.traces or ()))
        yield from (*a.dependencies, *a.assumptions, *a.open_questions)


def _said(*texts: str | UnsetType) -> Iterator[str]:
    return (text for text in texts if text is not UNSET)
