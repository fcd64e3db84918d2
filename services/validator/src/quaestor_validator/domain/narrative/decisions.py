"""Every decision of an artifact, with the place where a narrative has to tell of it."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.artifact import Apis, Artifact, Entity
from quaestor_shared.narrative import (
    APIS,
    DATA,
    DEPENDENCIES,
    PROCESSES,
    QUESTIONS,
    STORAGE,
    WATCH,
)

__all__ = ["Decision", "Form", "decisions", "item_path"]

Path = tuple[str | int, ...]


class Form(StrEnum):
    """How a decision stands in a text: word for word, as one of a few choices, or as JSON."""

    TEXT = "text"
    CHOICE = "choice"
    JSON = "json"


class Decision(NamedTuple):
    """A leaf of the artifact; `item` names the entity, API, process or store it belongs to."""

    subsection: str
    item: str | None
    path: Path
    text: str
    form: Form = Form.TEXT


def decisions(artifact: Artifact) -> Iterator[Decision]:
    """Give every decision in document order. A leaf with no text decides nothing."""
    for decision in _all(artifact):
        if decision.text.strip():
            yield decision


def _all(artifact: Artifact) -> Iterator[Decision]:
    for i, entity in enumerate(artifact.entities):
        yield from _entity(entity, ("entities", i))
    yield from _apis(artifact.apis)
    for i, process in enumerate(artifact.processes):
        part = _Part(PROCESSES, process.name, ("processes", i))
        yield part.choice("type", process.type)
        yield from part.texts(name=process.name, description=process.description, sla=process.sla)
    for i, store in enumerate(artifact.storage):
        part = _Part(STORAGE, store.technology, ("storage", i))
        yield part.choice("kind", store.kind)
        yield from part.texts(technology=store.technology, notes=store.notes)
    yield from _whole(artifact)


def _entity(entity: Entity, path: Path) -> Iterator[Decision]:
    part = _Part(DATA, entity.name, path)
    yield from part.texts(name=entity.name, expected_growth=entity.expected_growth)
    yield from part.list("fields", entity.fields)
    yield from part.list("relationships", entity.relationships)


def _apis(apis: Apis) -> Iterator[Decision]:
    for i, api in enumerate(apis.internal):
        part = _Part(APIS, api.name, ("apis", "internal", i))
        yield from part.texts(name=api.name, sla=api.sla)
        yield from part.list("methods", tuple(method.value for method in api.methods))
        for method, payload in api.payload_examples.items():
            yield part.json(("payload_examples", method), payload)
    for i, external in enumerate(apis.external):
        part = _Part(APIS, external.provider, ("apis", "external", i))
        yield part.choice("auth_method", external.auth_method)
        yield from part.texts(
            provider=external.provider,
            endpoint=external.endpoint,
            rate_limits=external.rate_limits,
            sla=external.sla,
        )


def _whole(artifact: Artifact) -> Iterator[Decision]:
    scaling, compliance, seen = artifact.scaling, artifact.compliance, artifact.observability
    yield from _Part(STORAGE, None, ("scaling",)).texts(
        strategy=scaling.strategy, notes=scaling.notes
    )
    yield from _Part(WATCH, None, ("compliance",)).texts(
        logging=compliance.logging,
        audit=compliance.audit,
        residency=compliance.residency,
        notes=compliance.notes,
    )
    part = _Part(WATCH, None, ("observability",))
    yield from part.list("metrics", seen.metrics)
    yield from part.list("health_checks", seen.health_checks)
    yield from part.list("traces", seen.traces)
    yield from _Part(DEPENDENCIES, None, ()).list("dependencies", artifact.dependencies)
    yield from _Part(DEPENDENCIES, None, ()).list("assumptions", artifact.assumptions)
    yield from _Part(QUESTIONS, None, ()).list("open_questions", artifact.open_questions)


class _Part(NamedTuple):
    """A piece of the artifact, to make its decisions from."""

    subsection: str
    item: str | None
    path: Path

    def texts(self, **values: str | UnsetType) -> Iterator[Decision]:
        for key, value in values.items():
            if value is not UNSET:
                yield Decision(self.subsection, self.item, (*self.path, key), str(value))

    def list(self, key: str, values: tuple[str, ...] | UnsetType) -> Iterator[Decision]:
        for index, value in enumerate(() if values is UNSET else values):
            yield Decision(self.subsection, self.item, (*self.path, key, index), value)

    def choice(self, key: str, value: StrEnum) -> Decision:
        path = (*self.path, key)
        return Decision(self.subsection, self.item, path, value.value, Form.CHOICE)

    def json(self, keys: Path, value: Any) -> Decision:  # noqa: ANN401 - a JSON value
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return Decision(self.subsection, self.item, (*self.path, *keys), text, Form.JSON)


def item_path(path: Path) -> Path:
    """Give the path of the item that a decision belongs to."""
    return path[: 3 if path[:1] == ("apis",) else 2]
