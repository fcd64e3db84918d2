"""Every change from one artifact to another, breaking ones first."""

from collections.abc import Iterator

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.diffs import Change, ChangeKind, WitnessKind
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.diff.apis import api_changes
from quaestor_validator.domain.diff.compliance import compliance_changes
from quaestor_validator.domain.diff.entities import entity_changes
from quaestor_validator.domain.diff.externals import external_changes
from quaestor_validator.domain.diff.found import At, change, witness
from quaestor_validator.domain.diff.operations import process_changes, store_changes
from quaestor_validator.domain.diff.texts import list_changes, signal_changes, text_changes

__all__ = ["artifact_changes"]

_ORDER = {kind: index for index, kind in enumerate(ChangeKind)}
_SIGNALS = {"metrics": "the metric", "health_checks": "the health check", "traces": "the trace"}


def artifact_changes(before: Artifact, after: Artifact) -> list[Change]:
    """Compare two artifacts: none where both are the same but for the order of named items."""
    return sorted(_changes(At((), before), At((), after)), key=lambda found: _ORDER[found.kind])


def _changes(before: At, after: At) -> Iterator[Change]:
    yield from _identity(before, after)
    yield from entity_changes(before.part("entities"), after.part("entities"))
    yield from api_changes(before.part("apis", "internal"), after.part("apis", "internal"))
    yield from external_changes(before.part("apis", "external"), after.part("apis", "external"))
    yield from process_changes(before.part("processes"), after.part("processes"))
    yield from store_changes(before.part("storage"), after.part("storage"))
    for key in ("strategy", "notes"):
        scaling = before.part("scaling", key), after.part("scaling", key)
        yield from text_changes(*scaling, "scaling", "diff/scaling-changed")
    yield from compliance_changes(before.part("compliance"), after.part("compliance"))
    for key, told in _SIGNALS.items():
        seen = before.part("observability", key), after.part("observability", key)
        yield from signal_changes(*seen, told)
    yield from _handed_over(before, after)


def _identity(before: At, after: At) -> Iterator[Change]:
    was, now = before.part("feature_id"), after.part("feature_id")
    if was.value != now.value:
        yield change(
            "diff/feature-changed",
            f"the feature was {cut(was.value)} and is {cut(now.value)}",
            was,
            now,
            witness=witness(
                WitnessKind.USE,
                f"a program that looks for the artifact of {was.value}",
                {"feature_id": was.value},
                "it finds this artifact",
                "it finds none",
            ),
        )
    for key in ("version", "created_at"):
        was, now = before.part(key), after.part(key)
        if was.value != now.value:
            message = f"`{key}` was {cut(was.value)} and is {cut(now.value)}"
            yield change("diff/version-changed", message, was, now)


def _handed_over(before: At, after: At) -> Iterator[Change]:
    codes = {
        "dependencies": ("diff/dependency-added", "diff/dependency-removed", "the dependency"),
        "assumptions": ("diff/assumption-changed", "diff/assumption-changed", "the assumption"),
        "open_questions": ("diff/question-changed", "diff/question-changed", "the question"),
    }
    for key, (added, removed, told) in codes.items():
        lists = before.part(key), after.part(key)
        yield from list_changes(*lists, added=added, removed=removed, told=told)
