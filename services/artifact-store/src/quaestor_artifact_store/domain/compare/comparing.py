"""Two versions side by side, each by its kind."""

from typing import Any

from quaestor_artifact_store.domain.compare.json_changes import json_changes
from quaestor_artifact_store.domain.compare.kinds import kind_of, read_json, read_text
from quaestor_artifact_store.domain.compare.texts import section_changes, unified
from quaestor_shared.contracts.comparisons import Comparison, ContentKind, Side
from quaestor_shared.contracts.versions import VersionView

__all__ = ["compare"]

_MOST_BYTES = 4_194_304  # of a content that is compared in detail
Version = tuple[VersionView, bytes]


def compare(before: Version, after: Version) -> Comparison:
    """Compare two versions with their contents: as the kind that both are, or else as bytes."""
    kinds = {kind_of(version.media_type) for version, _ in (before, after)}
    kind = kinds.pop() if len(kinds) == 1 else ContentKind.BINARY
    if max(len(before[1]), len(after[1])) > _MOST_BYTES:
        kind = ContentKind.BINARY
    identical = before[0].digest == after[0].digest
    try:
        found = {} if identical else _differences(kind, before, after)
    except (ValueError, RecursionError):  # it does not have the form that its media type says
        kind, found = ContentKind.BINARY, {}
    return Comparison(
        kind=kind, identical=identical, before=_side(before[0]), after=_side(after[0]), **found
    )


def _differences(kind: ContentKind, before: Version, after: Version) -> dict[str, Any]:
    if kind is ContentKind.JSON:
        return {"changes": tuple(json_changes(read_json(before[1]), read_json(after[1])))}
    if kind is ContentKind.BINARY:
        return {}
    first, second = _name(before[0]), _name(after[0])
    old, new = read_text(before[1]), read_text(after[1])
    if kind is ContentKind.MARKDOWN:
        return {"sections": tuple(section_changes(old, new, first, second))}
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return {"diff": unified(*lines, first, second)}


def _side(version: VersionView) -> Side:
    return Side(number=version.number, digest=version.digest, label=version.label)


def _name(version: VersionView) -> str:
    return f"{version.path}@{version.number}"
