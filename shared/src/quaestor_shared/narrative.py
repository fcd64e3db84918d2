"""The section for people, line by line: what each line says, and what of the artifact it tells.

design-api writes the section; validator compares a document that people have changed with it.
"""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from quaestor_shared.contracts.artifact import (
    Artifact,
    Entity,
    ExternalApi,
    InternalApi,
    Process,
    Store,
)
from quaestor_shared.markdown import code, escape
from quaestor_shared.sections import BACKEND_DESIGN, END, START

__all__ = [
    "APIS",
    "DATA",
    "DEPENDENCIES",
    "OVERVIEW",
    "PROCESSES",
    "QUESTIONS",
    "STORAGE",
    "SUBSECTIONS",
    "WATCH",
    "Form",
    "Line",
    "render_section",
    "section_lines",
]

OVERVIEW = "Backend Overview"
DATA = "Data Models & Relationships"
APIS = "APIs & Services (internal/external)"
PROCESSES = "Processing Flows"
STORAGE = "Storage & Scaling Strategy"
WATCH = "Compliance & Observability"
DEPENDENCIES = "Dependencies & Assumptions"
QUESTIONS = "Open Questions"
SUBSECTIONS = (OVERVIEW, DATA, APIS, PROCESSES, STORAGE, WATCH, DEPENDENCIES, QUESTIONS)

Path = tuple[str | int, ...]
_NOTHING = "None."


class Form(StrEnum):
    """How a line tells what it tells."""

    FRAME = "frame"  # a heading, an empty line, "None."
    OVERVIEW = "overview"  # what the artifact is, and how many things are in it
    NAME = "name"  # the name that an item begins with
    STORE = "store"  # a technology, its kind, its notes
    TEXT = "text"  # a label and a text
    CHOICE = "choice"  # a label and one of a few words
    LIST = "list"  # a label and names, each as code
    JSON = "json"  # a label and JSON
    ITEM = "item"  # one text of a list


class Line(NamedTuple):
    """A line, and the path in the artifact of what it tells; `label` is what it begins with."""

    text: str
    form: Form = Form.FRAME
    path: Path = ()
    label: str = ""


def render_section(artifact: Artifact) -> str:
    """Write the section, from its start marker to its end marker."""
    parts = [BACKEND_DESIGN.decode()]
    for title, lines in section_lines(artifact):
        parts.append(f"### {title}\n\n" + ("\n".join(line.text for line in lines) or _NOTHING))
    return "\n\n".join([START.decode(), *parts, END.decode()])


def section_lines(artifact: Artifact) -> Iterator[tuple[str, list[Line]]]:
    """Give the title of each subsection and its lines, none where there is nothing to tell."""
    yield OVERVIEW, [_overview(artifact)]
    yield DATA, [line for i, e in enumerate(artifact.entities) for line in _entity(e, i)]
    yield APIS, list(_apis(artifact))
    yield PROCESSES, [line for i, p in enumerate(artifact.processes) for line in _process(p, i)]
    yield STORAGE, list(_storage(artifact))
    yield WATCH, list(_watched(artifact))
    yield DEPENDENCIES, list(_dependencies(artifact))
    yield QUESTIONS, list(_items("", "open_questions", artifact.open_questions))


def _overview(artifact: Artifact) -> Line:
    counts = [
        _count(len(artifact.entities), "entity", "entities"),
        _count(len(artifact.apis.internal), "internal API", "internal APIs"),
        _count(len(artifact.apis.external), "external API", "external APIs"),
        _count(len(artifact.processes), "process", "processes"),
        _count(len(artifact.storage), "store", "stores"),
    ]
    text = (
        f"The backend of {code(artifact.feature_id)}, version {code(artifact.version)}, "
        f"designed on {code(artifact.created_at)}: {', '.join(counts[:-1])} and {counts[-1]}."
    )
    return Line(text, Form.OVERVIEW)


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"


def _entity(entity: Entity, index: int) -> Iterator[Line]:
    path = ("entities", index)
    yield _name(entity.name, (*path, "name"))
    yield _list("  - Fields: ", entity.fields, (*path, "fields"))
    yield _list("  - Relates to: ", entity.relationships, (*path, "relationships"))
    yield from _text("  - Expected growth: ", entity.expected_growth, (*path, "expected_growth"))


def _apis(artifact: Artifact) -> Iterator[Line]:
    yield from (Line("#### Internal"), Line(""))
    for i, api in enumerate(artifact.apis.internal):
        yield from _internal(api, ("apis", "internal", i))
    if not artifact.apis.internal:
        yield Line(_NOTHING)
    yield from (Line(""), Line("#### External"), Line(""))
    for i, external in enumerate(artifact.apis.external):
        yield from _external(external, ("apis", "external", i))
    if not artifact.apis.external:
        yield Line(_NOTHING)


def _internal(api: InternalApi, path: Path) -> Iterator[Line]:
    yield _name(api.name, (*path, "name"))
    yield _list("  - Methods: ", [m.value for m in api.methods], (*path, "methods"))
    yield from _text("  - Service level: ", api.sla, (*path, "sla"))
    for method, payload in api.payload_examples.items():
        example = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        label = f"  - {code(method)} payload, for example: "
        yield Line(label + code(example), Form.JSON, (*path, "payload_examples", method), label)


def _external(api: ExternalApi, path: Path) -> Iterator[Line]:
    yield _name(api.provider, (*path, "provider"))
    label = "  - Endpoint: "
    yield Line(label + code(api.endpoint), Form.TEXT, (*path, "endpoint"), label)
    yield _choice("  - Authentication: ", api.auth_method, (*path, "auth_method"))
    yield from _text("  - Rate limit: ", api.rate_limits, (*path, "rate_limits"))
    yield from _text("  - Service level: ", api.sla, (*path, "sla"))


def _process(process: Process, index: int) -> Iterator[Line]:
    path = ("processes", index)
    yield _name(process.name, (*path, "name"))
    yield _choice("  - Runs: ", process.type, (*path, "type"))
    yield from _text("  - Does: ", process.description, (*path, "description"))
    yield from _text("  - Service level: ", process.sla, (*path, "sla"))


def _storage(artifact: Artifact) -> Iterator[Line]:
    for i, store in enumerate(artifact.storage):
        yield _store(store, ("storage", i))
    scaling = artifact.scaling
    yield Line("")
    yield from _text("Scaling: ", scaling.strategy, ("scaling", "strategy"))
    if scaling.notes is not UNSET:
        yield Line("")
        label = "Partitioning, sharding, replication: "
        yield from _text(label, scaling.notes, ("scaling", "notes"))


def _store(store: Store, path: Path) -> Line:
    notes = f": {escape(store.notes)}" if store.notes is not UNSET else ""
    text = f"- **{code(store.technology)}** as {code(store.kind.value)}{notes}"
    return Line(text, Form.STORE, path)


def _watched(artifact: Artifact) -> Iterator[Line]:
    compliance, seen = artifact.compliance, artifact.observability
    yield from _text("- Logging: ", compliance.logging, ("compliance", "logging"))
    yield from _text("- Audit: ", compliance.audit, ("compliance", "audit"))
    yield from _text("- Data residency: ", compliance.residency, ("compliance", "residency"))
    yield from _text("- Compliance notes: ", compliance.notes, ("compliance", "notes"))
    yield _list("- Metrics: ", seen.metrics, ("observability", "metrics"))
    yield _list("- Health checks: ", seen.health_checks, ("observability", "health_checks"))
    if seen.traces is not UNSET:
        yield _list("- Traces: ", seen.traces, ("observability", "traces"))


def _dependencies(artifact: Artifact) -> Iterator[Line]:
    yield _list("- Depends on: ", artifact.dependencies, ("dependencies",))
    yield Line("- Assumes:" if artifact.assumptions else "- Assumes: none")
    yield from _items("  ", "assumptions", artifact.assumptions)


def _items(indent: str, key: str, texts: Iterable[str]) -> Iterator[Line]:
    for index, text in enumerate(texts):
        yield Line(f"{indent}- {escape(text)}", Form.ITEM, (key, index))


def _name(name: str, path: Path) -> Line:
    return Line(f"- **{code(name)}**", Form.NAME, path)


def _text(label: str, text: str | UnsetType, path: Path) -> Iterator[Line]:
    if text is not UNSET:
        yield Line(label + escape(str(text)), Form.TEXT, path, label)


def _choice(label: str, choice: StrEnum, path: Path) -> Line:
    return Line(label + code(choice.value), Form.CHOICE, path, label)


def _list(label: str, names: Iterable[str], path: Path) -> Line:
    return Line(label + (", ".join(map(code, names)) or "none"), Form.LIST, path, label)
