"""The section for people: every decision of the artifact, in eight subsections."""

import json
from collections.abc import Iterable

from msgspec import UNSET

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

__all__ = ["render_section"]

_NOTHING = "None."


def render_section(artifact: Artifact) -> str:
    """Write the section, from its start marker to its end marker."""
    parts = [
        BACKEND_DESIGN.decode(),
        _subsection("Backend Overview", _overview(artifact)),
        _subsection("Data Models & Relationships", map(_entity, artifact.entities)),
        _subsection("APIs & Services (internal/external)", _apis(artifact)),
        _subsection("Processing Flows", map(_process, artifact.processes)),
        _subsection("Storage & Scaling Strategy", _storage(artifact)),
        _subsection("Compliance & Observability", _compliance(artifact)),
        _subsection("Dependencies & Assumptions", _dependencies(artifact)),
        _subsection("Open Questions", (f"- {escape(q)}" for q in artifact.open_questions)),
    ]
    return "\n\n".join([START.decode(), *parts, END.decode()])


def _subsection(title: str, blocks: Iterable[str]) -> str:
    return f"### {title}\n\n" + ("\n".join(blocks) or _NOTHING)


def _overview(artifact: Artifact) -> Iterable[str]:
    counts = [
        _count(len(artifact.entities), "entity", "entities"),
        _count(len(artifact.apis.internal), "internal API", "internal APIs"),
        _count(len(artifact.apis.external), "external API", "external APIs"),
        _count(len(artifact.processes), "process", "processes"),
        _count(len(artifact.storage), "store", "stores"),
    ]
    yield (
        f"The backend of {code(artifact.feature_id)}, version {code(artifact.version)}, "
        f"designed on {code(artifact.created_at)}: {', '.join(counts[:-1])} and {counts[-1]}."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"


def _entity(entity: Entity) -> str:
    lines = [f"- **{code(entity.name)}**"]
    lines.append(f"  - Fields: {_codes(entity.fields)}")
    lines.append(f"  - Relates to: {_codes(entity.relationships)}")
    lines.append(f"  - Expected growth: {escape(entity.expected_growth)}")
    return "\n".join(lines)


def _apis(artifact: Artifact) -> Iterable[str]:
    yield "#### Internal\n"
    yield from map(_internal, artifact.apis.internal)
    if not artifact.apis.internal:
        yield _NOTHING
    yield "\n#### External\n"
    yield from map(_external, artifact.apis.external)
    if not artifact.apis.external:
        yield _NOTHING


def _internal(api: InternalApi) -> str:
    lines = [
        f"- **{code(api.name)}**",
        f"  - Methods: {_codes(method.value for method in api.methods)}",
        f"  - Service level: {escape(api.sla)}",
    ]
    for method, payload in api.payload_examples.items():
        example = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        lines.append(f"  - {code(method)} payload, for example: {code(example)}")
    return "\n".join(lines)


def _external(api: ExternalApi) -> str:
    lines = [
        f"- **{code(api.provider)}**",
        f"  - Endpoint: {code(api.endpoint)}",
        f"  - Authentication: {code(api.auth_method.value)}",
    ]
    if api.rate_limits is not UNSET:
        lines.append(f"  - Rate limit: {escape(api.rate_limits)}")
    if api.sla is not UNSET:
        lines.append(f"  - Service level: {escape(api.sla)}")
    return "\n".join(lines)


def _process(process: Process) -> str:
    return "\n".join(
        [
            f"- **{code(process.name)}**",
            f"  - Runs: {code(process.type.value)}",
            f"  - Does: {escape(process.description)}",
            f"  - Service level: {escape(process.sla)}",
        ]
    )


def _storage(artifact: Artifact) -> Iterable[str]:
    yield from map(_store, artifact.storage)
    yield f"\nScaling: {escape(artifact.scaling.strategy)}"
    if artifact.scaling.notes is not UNSET:
        yield f"\nPartitioning, sharding, replication: {escape(artifact.scaling.notes)}"


def _store(store: Store) -> str:
    notes = f": {escape(store.notes)}" if store.notes is not UNSET else ""
    return f"- **{code(store.technology)}** as {code(store.kind.value)}{notes}"


def _compliance(artifact: Artifact) -> Iterable[str]:
    compliance, observability = artifact.compliance, artifact.observability
    yield f"- Logging: {escape(compliance.logging)}"
    yield f"- Audit: {escape(compliance.audit)}"
    yield f"- Data residency: {escape(compliance.residency)}"
    if compliance.notes is not UNSET:
        yield f"- Compliance notes: {escape(compliance.notes)}"
    yield f"- Metrics: {_codes(observability.metrics)}"
    yield f"- Health checks: {_codes(observability.health_checks)}"
    if observability.traces is not UNSET:
        yield f"- Traces: {_codes(observability.traces)}"


def _dependencies(artifact: Artifact) -> Iterable[str]:
    yield f"- Depends on: {_codes(artifact.dependencies)}"
    yield "- Assumes:" if artifact.assumptions else "- Assumes: none"
    yield from (f"  - {escape(text)}" for text in artifact.assumptions)


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(map(code, texts)) or "none"
