"""A design as rules look at it: the artifact, and what several of them want to know of it.

Each thing is worked out when a rule first asks, and once, because a design may have thousands of
entities, and dozens of rules look at each.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import msgspec
from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.artifact import (
    Artifact,
    Process,
    ProcessType,
)
from quaestor_shared.pointers import Path
from quaestor_validator.domain.lazy import lazy
from quaestor_validator.domain.quantities import ServiceLevel, growth_of, service_levels_of
from quaestor_validator.domain.rules.examples import Examples
from quaestor_validator.domain.rules.fields import Fields
from quaestor_validator.domain.words import Phrases, folded, folded_all

__all__ = ["Design"]


_DATA = "payload_examples"
_LINE = "\n"
_ID = ("id", "Id", "ID")
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
# A name under a domain of many: neither an address nor one of a private network.
_PLAIN = re.compile(
    r"https://[a-z0-9.-]{1,200}\.(?:com|org|net|io|dev|app|ai|cloud|eu|de|uk)(?:/|\Z)"
)
_REFERENCES = re.compile(
    r"\breferences\s+(?:[\w\"]{1,100}\.)?[\"`]?(\w{1,100})[\"`]?\s*\(", re.IGNORECASE
)
_WORDS_ALONE = bytes(byte if byte in _LETTERS else 32 for byte in range(256))


class Design:
    """An artifact that is to be looked at from several sides."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        entities, apis, processes = artifact.entities, artifact.apis, artifact.processes
        self.entity_names = [entity.name for entity in entities]
        self.growths = {entity.expected_growth for entity in entities}
        """The expected growth of the entities, each text once."""
        self.targets: set[str] = set().union(*[entity.relationships for entity in entities])
        """The relationships of all entities, each text once."""
        self.api_names = [api.name for api in apis.internal]
        methods = {api.methods for api in apis.internal}
        self.odd_methods = {each for each in methods if len(set(each)) != (len(each) or 1)}
        """What internal APIs have for methods where that is nothing, or one method twice."""
        self.examples = Examples([api.payload_examples for api in apis.internal])
        self.external = apis.external
        self.kinds = {store.kind for store in artifact.storage}
        """The kinds of store that there are."""
        self.synchronous = _of_type(processes, ProcessType.SYNC)
        self.asynchronous = _of_type(processes, ProcessType.ASYNC)
        self.batches = _of_type(processes, ProcessType.BATCH)
        self.api_levels = _levels_in({api.sla for api in apis.internal})
        """The service levels of internal APIs, each text once."""
        self.own_levels = self.api_levels | _levels_in({process.sla for process in processes})
        """The service levels of internal APIs and processes, each text once."""
        told = {api.sla for api in apis.external if api.sla is not UNSET}
        self.external_levels = _levels_in(told)
        """The service levels of external APIs, each text once."""

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
    def referred(self) -> dict[str, str]:
        """What fields say after their names with the `references` of SQL, and the table in it."""
        found = ((text.rstrip(), _REFERENCES.search(text)) for text in self.fields.referring)
        return {text: match[1] for text, match in found if match}

    @lazy
    def unread_levels(self) -> set[str]:
        """The texts of service levels, anybody's, in which there is no figure with a unit."""
        told = self.own_levels | self.external_levels
        return {text for text, levels in told.items() if not levels}

    @lazy
    def vague_growths(self) -> set[str]:
        """The texts of expected growth in which there is no amount in a span of time."""
        read = ((text, growth_of(text)) for text in self.growths)
        return {text for text, growth in read if growth is None or growth.span is None}

    @lazy
    def odd_endpoints(self) -> list[str]:
        """The endpoints of external APIs but those that are plainly public, and reached by TLS."""
        return [api.endpoint for api in self.external if not _PLAIN.match(api.endpoint)]

    @lazy
    def endpoints(self) -> str:
        """The endpoints of external APIs in lower case, a line each."""
        return _LINE.join([api.endpoint for api in self.external]).lower()

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
        texts.update(self.api_names)
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

    def speaks_of(self, phrases: Phrases) -> bool:
        """Say whether one of some phrases stands in the free texts, as whole words."""
        return phrases.stand_in(self.said, self.prose)

    @lazy
    def depended_on(self) -> str:
        """What the design depends on, a line each."""
        return _LINE.join(self.artifact.dependencies)

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
            or stem in self.endpoints
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


def _of_type(processes: Iterable[Process], kind: ProcessType) -> list[tuple[int, Process]]:
    """Give the processes of a type, each with its place."""
    return [(i, process) for i, process in enumerate(processes) if process.type is kind]


def _levels_in(texts: Iterable[str]) -> dict[str, tuple[ServiceLevel, ...]]:
    """Give the service levels of each text."""
    return {text: service_levels_of(text) for text in texts}
