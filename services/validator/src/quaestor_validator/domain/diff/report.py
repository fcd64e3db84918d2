"""A comparison as it is answered: changes, counts, verdict and patch."""

from collections import Counter
from typing import Any

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.diffs import ChangeCounts, ChangeKind, DiffReport, FailOn
from quaestor_shared.json_patch import json_patch
from quaestor_validator.domain.diff.artifacts import artifact_changes

__all__ = ["diff_report"]

Side = tuple[Any, Artifact]  # a document, as JSON and as what it says

_FAILS = {
    FailOn.NEVER: frozenset[ChangeKind](),
    FailOn.BREAKING: frozenset({ChangeKind.BREAKING}),
    FailOn.ADDITIVE: frozenset({ChangeKind.BREAKING, ChangeKind.ADDITIVE}),
    FailOn.ANY: frozenset(ChangeKind),
}


def diff_report(before: Side, after: Side, *, fail_on: FailOn, most: int) -> DiffReport:
    """Compare two documents. The counts include the changes that are left out."""
    changes = artifact_changes(before[1], after[1])
    counts = Counter(change.kind for change in changes)
    return DiffReport(
        passed=not any(counts[kind] for kind in _FAILS[fail_on]),
        fail_on=fail_on,
        changes=tuple(changes[:most]),
        counts=ChangeCounts(
            breaking=counts[ChangeKind.BREAKING],
            additive=counts[ChangeKind.ADDITIVE],
            documentation=counts[ChangeKind.DOCUMENTATION],
            left_out=max(0, len(changes) - most),
        ),
        patch=json_patch(before[0], after[0]),
    )
