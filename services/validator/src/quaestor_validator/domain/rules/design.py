"""A design as rules look at it: the artifact, and what several of them want to know of it.

Each thing is worked out when a rule first asks, and once, because a design may have thousands of
entities, and dozens of rules look at each.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate, chain
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.artifact import Artifact, StorageKind
from quaestor_shared.pointers import Path
from quaestor_validator.domain.personal_data import may_be_personal, personal_kind
from quaestor_validator.domain.words import folded, folded_all

__all__ = ["Design", "PersonalField"]


_DATA = "payload_examples"
_LINE = "\n"
_ID = ("id", "Id", "ID")


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
        names = [[f.partition(" ")[0] for f in e.fields] for e in self.artifact.entities]
        flat = list(chain.from_iterable(names))
        if " ".join(flat).split() == flat:
            return names
        # Some start with white space, or have another kind of it after the name.
        return [[(f.split(None, 1) or ("",))[0] for f in e.fields] for e in self.artifact.entities]

    @cached_property
    def field_folds(self) -> list[list[str]]:
        """The name of each field without its case, by entity."""
        flat = "\0".join(chain.from_iterable(self.field_names)).casefold().split("\0")
        counts = [len(names) for names in self.field_names]
        if len(flat) != sum(counts):
            return [[name.casefold() for name in names] for names in self.field_names]
        ends = list(accumulate(counts))
        return [flat[end - count : end] for count, end in zip(counts, ends, strict=True)]

    @cached_property
    def distinct_fields(self) -> frozenset[str]:
        """Every field name, once."""
        return frozenset(chain.from_iterable(self.field_names))

    @cached_property
    def field_types(self) -> frozenset[str]:
        """What stands behind the name of a field, its type and constraints, each once."""
        fields = chain.from_iterable(entity.fields for entity in self.artifact.entities)
        return frozenset([field.strip().partition(" ")[2] for field in fields])

    @cached_property
    def fields_text(self) -> str:
        """Every field in lower case, name, type and constraints, a line each."""
        lines = chain.from_iterable(entity.fields for entity in self.artifact.entities)
        return "\n".join(lines).lower()

    def fields_named(self, *parts: str) -> Iterator[tuple[int, int, str]]:
        """Give entity, field and name of the fields whose names have one of these parts in them."""
        parts = tuple(part for part in parts if part in self.fields_text)
        if not parts:
            return
        for i, names in enumerate(self.field_folds):
            for j, name in enumerate(names):
                if any(part in name for part in parts):
                    yield i, j, self.field_names[i][j]

    @cached_property
    def key_fields(self) -> tuple[tuple[int, int, int], ...]:
        """The fields named after an entity, such as `meal_plan_id`: entity, field, entity meant."""
        by_fold = self.entity_by_fold
        meant = {
            name: by_fold[fold]
            for name in self.distinct_fields
            if name.endswith(_ID) and (fold := folded(name[:-2])) in by_fold
        }
        return tuple(
            (i, j, meant[name])
            for i, names in enumerate(self.field_names if meant else ())
            for j, name in enumerate(names)
            if name in meant
        )

    @cached_property
    def personal_fields(self) -> tuple[PersonalField, ...]:
        """The fields that hold data about people, by their names."""
        kinds = {
            name: kind
            for name in self.distinct_fields
            if may_be_personal(name) and (kind := personal_kind(name))
        }
        return tuple(
            PersonalField(i, j, name, kinds[name])
            for i, names in enumerate(self.field_names if kinds else ())
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
    def texts(self) -> list[str]:
        """Whatever is decided in free text: all but names and fields of entities, endpoints and
        example payloads.
        """
        a = self.artifact
        texts = [entity.expected_growth for entity in a.entities]
        for internal in a.apis.internal:
            texts += (internal.name, internal.sla)
        for external in a.apis.external:
            texts += _said(external.provider, external.rate_limits, external.sla)
        for process in a.processes:
            texts += (process.name, process.description, process.sla)
        for store in a.storage:
            texts += _said(store.technology, store.notes)
        c, o = a.compliance, a.observability
        texts += _said(
            a.scaling.strategy, a.scaling.notes, c.logging, c.audit, c.residency, c.notes
        )
        texts += (*o.metrics, *o.health_checks, *(o.traces or ()))
        texts += (*a.dependencies, *a.assumptions, *a.open_questions)
        return texts

    @cached_property
    def said(self) -> str:
        """The free texts, a line each."""
        return f"\n{_LINE.join(self.texts)}\n"

    @cached_property
    def prose(self) -> str:
        """The free texts in lower case, a line each."""
        return self.said.lower()

    def says(self, *stems: str) -> bool:
        """Say whether one of the stems, in lower case, stands anywhere in the free texts."""
        return any(stem in self.prose for stem in stems)

    def holds(self, *stems: str) -> bool:
        """Say whether one of the stems, in lower case, stands anywhere but in example payloads."""
        texts = (self.prose, self.fields_text, self._other_text)
        return any(stem in text for text in texts for stem in stems)

    @cached_property
    def _other_text(self) -> str:
        a = self.artifact
        texts = [entity.name for entity in a.entities]
        for entity in a.entities:
            texts += entity.relationships
        texts += (api.endpoint for api in a.apis.external)
        return "\n".join((*texts, a.feature_id, a.version)).lower()

    def places_of(
        self, wanted: Callable[[str], bool], *, leaving_out: tuple[str, ...] = ()
    ) -> Iterator[tuple[Path, str]]:
        """Give the place of each text that is wanted, in order.

        Example payloads, and members with one of the names in `leaving_out`, are not looked into.
        """
        left_out = frozenset((_DATA, *leaving_out))
        yield from _places(msgspec.to_builtins(self.artifact), (), wanted, left_out)


def _places(
    node: Any,  # noqa: ANN401 - a JSON value
    path: Path,
    wanted: Callable[[str], bool],
    left_out: frozenset[str],
) -> Iterator[tuple[Path, str]]:
    for step, item in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(item, str):
            if wanted(item):
                yield (*path, step), item
        elif isinstance(item, dict | list | tuple) and step not in left_out:
            yield from _places(item, (*path, step), wanted, left_out)


def _said(*texts: str | UnsetType) -> Iterator[str]:
    return (text for text in texts if text is not UNSET)
