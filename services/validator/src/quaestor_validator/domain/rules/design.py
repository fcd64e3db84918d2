"""A design as rules look at it: the artifact, and what several of them want to know of it.

Each thing is worked out when a rule first asks, and once, because a design may have thousands of
entities, and dozens of rules look at each.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import msgspec
from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.artifact import (
    Artifact,
    ExternalApi,
    Method,
    Process,
    ProcessType,
    StorageKind,
)
from quaestor_shared.pointers import Path
from quaestor_validator.domain.lazy import lazy
from quaestor_validator.domain.quantities import ServiceLevel, service_levels_of
from quaestor_validator.domain.rules.examples import Examples
from quaestor_validator.domain.rules.fields import Fields
from quaestor_validator.domain.words import folded, folded_all

__all__ = ["Design"]


_DATA = "payload_examples"
_LINE = "\n"
_ID = ("id", "Id", "ID")
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
_WORDS_ALONE = bytes(byte if byte in _LETTERS else 32 for byte in range(256))


class Design:
    """An artifact that is to be looked at from several sides."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact

    @lazy
    def entity_names(self) -> list[str]:
        """The names of the entities, in order."""
        return [entity.name for entity in self.artifact.entities]

    @lazy
    def entity_folds(self) -> list[str]:
        """The names of the entities, folded, in order."""
        return folded_all(self.entity_names)

    @lazy
    def entity_by_fold(self) -> dict[str, int]:
        """The place of the first entity with each folded name."""
        folds = self.entity_folds
        return dict(zip(reversed(folds), range(len(folds) - 1, -1, -1), strict=True))

    @lazy
    def fields(self) -> Fields:
        """The fields of the entities."""
        return Fields(self.artifact.entities)

    @lazy
    def key_fields(self) -> tuple[tuple[int, int, int], ...]:
        """The fields named after an entity, such as `meal_plan_id`: entity, field, entity meant."""
        names = self.fields.distinct
        ids = {name: folded(name[:-2]) for name in names if name.endswith(_ID)}
        if set(ids.values()).isdisjoint(self.entity_folds):
            return ()
        by_fold = self.entity_by_fold
        meant = {name: by_fold[fold] for name, fold in ids.items() if fold in by_fold}
        return tuple(
            (i, j, meant[name])
            for i, some in enumerate(self.fields.names)
            for j, name in enumerate(some)
            if name in meant
        )

    @lazy
    def kinds(self) -> frozenset[StorageKind]:
        """The kinds of store that there are."""
        return frozenset(store.kind for store in self.artifact.storage)

    @lazy
    def external(self) -> tuple[ExternalApi, ...]:
        """The external APIs."""
        return self.artifact.apis.external

    @lazy
    def methods(self) -> set[tuple[Method, ...]]:
        """The methods of each internal API, each list of them once."""
        return {api.methods for api in self.artifact.apis.internal}

    @lazy
    def synchronous(self) -> list[tuple[int, Process]]:
        """The processes that a caller waits for, each with its place."""
        return self._processes(ProcessType.SYNC)

    @lazy
    def asynchronous(self) -> list[tuple[int, Process]]:
        """The processes that a message starts, each with its place."""
        return self._processes(ProcessType.ASYNC)

    @lazy
    def batches(self) -> list[tuple[int, Process]]:
        """The processes that a schedule starts, each with its place."""
        return self._processes(ProcessType.BATCH)

    def _processes(self, kind: ProcessType) -> list[tuple[int, Process]]:
        return [(i, p) for i, p in enumerate(self.artifact.processes) if p.type is kind]

    @lazy
    def growths(self) -> set[str]:
        """The expected growth of the entities, each text once."""
        return {entity.expected_growth for entity in self.artifact.entities}

    @lazy
    def targets(self) -> set[str]:
        """The relationships of all entities, each text once."""
        return set().union(*[entity.relationships for entity in self.artifact.entities])

    @lazy
    def api_levels(self) -> dict[str, tuple[ServiceLevel, ...]]:
        """The service levels of internal APIs, each text once."""
        return _levels_in({api.sla for api in self.artifact.apis.internal})

    @lazy
    def own_levels(self) -> dict[str, tuple[ServiceLevel, ...]]:
        """The service levels of internal APIs and processes, each text once."""
        processes = {process.sla for process in self.artifact.processes}
        return self.api_levels | _levels_in(processes)

    @lazy
    def external_levels(self) -> dict[str, tuple[ServiceLevel, ...]]:
        """The service levels of external APIs, each text once."""
        return _levels_in({api.sla for api in self.artifact.apis.external if api.sla is not UNSET})

    @lazy
    def unread_levels(self) -> set[str]:
        """The texts of service levels, anybody's, in which there is no figure with a unit."""
        told = self.own_levels | self.external_levels
        return {text for text, levels in told.items() if not levels}

    @lazy
    def examples(self) -> Examples:
        """The example payloads of the internal APIs."""
        return Examples([api.payload_examples for api in self.artifact.apis.internal])

    @lazy
    def said(self) -> str:
        """Whatever is decided in free text, each text once, a line each: all but names and fields
        of entities, endpoints and example payloads.
        """
        a, c, o = self.artifact, self.artifact.compliance, self.artifact.observability
        texts: set[str | UnsetType] = {
            *(a.scaling.strategy, a.scaling.notes),
            *(c.logging, c.audit, c.residency, c.notes),
            *(*o.metrics, *o.health_checks, *(o.traces or ())),
            *(*a.dependencies, *a.assumptions, *a.open_questions),
            *self.growths,
            *self.own_levels,
            *self.external_levels,
        }
        texts.update([api.name for api in a.apis.internal])
        for external in a.apis.external:
            texts.update((external.provider, external.rate_limits))
        for process in a.processes:
            texts.update((process.name, process.description))
        for store in a.storage:
            texts.update((store.technology, store.notes))
        texts.discard(UNSET)
        return f"\n{_LINE.join(cast('set[str]', texts))}\n"

    @lazy
    def prose(self) -> str:
        """The free texts in lower case, a line each."""
        return self.said.lower()

    @lazy
    def words(self) -> set[str]:
        """The words of the free texts in lower case, as far as they are of `a` to `z` and digits:
        of "CI/CD" both parts.
        """
        return set(self.prose.encode("utf-8", "replace").translate(_WORDS_ALONE).decode().split())

    def says(self, *stems: str) -> bool:
        """Say whether one of the stems, in lower case, stands anywhere in the free texts."""
        return any(map(self.prose.__contains__, stems))

    def holds(self, stem: str) -> bool:
        """Say whether a stem, in lower case, stands anywhere but in example payloads, and behind
        the names of fields.
        """
        a = self.artifact
        return (
            stem in self.prose
            or stem in self.fields.text
            or stem in "\n".join(self.entity_names).lower()
            or stem in "\n".join(self.targets).lower()
            or stem in "\n".join(api.endpoint for api in a.apis.external).lower()
            or stem in f"{a.feature_id}\n{a.version}".lower()
        )

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


def _levels_in(texts: Iterable[str]) -> dict[str, tuple[ServiceLevel, ...]]:
    """Give the service levels of each text."""
    return {text: service_levels_of(text) for text in texts}
