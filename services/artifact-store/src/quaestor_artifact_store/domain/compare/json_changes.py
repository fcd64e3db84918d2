"""Two JSON documents, change by change."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.comparisons import JsonChange
from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.json_patch import json_patch
from quaestor_shared.pointers import steps

__all__ = ["json_changes"]


def json_changes(before: Any, after: Any) -> Iterator[JsonChange]:  # noqa: ANN401 - JSON values
    """Give each operation that turns `before` into `after`, with what was at its place."""
    patch = json_patch(before, after)
    there = [copy.deepcopy(before)]
    for operation in patch:
        old = _apply(there, operation)
        yield JsonChange(op=operation.op, path=operation.path, value=operation.value, before=old)


def _apply(there: list[Any], operation: PatchOperation) -> Any:  # noqa: ANN401
    """Change a document, which is the only item of a list, and give what was there before."""
    parent, key = _place(there, steps(operation.path))
    if operation.op == "remove":
        return parent.pop(key)
    if operation.op == "replace":
        old, parent[key] = parent[key], copy.deepcopy(operation.value)
        return old
    if isinstance(parent, list):
        parent.insert(key, copy.deepcopy(operation.value))
    else:
        parent[key] = copy.deepcopy(operation.value)
    return msgspec.UNSET


def _place(there: list[Any], path: Sequence[str]) -> tuple[Any, Any]:
    parent: Any = there
    key: str | int = 0
    for step in path:
        parent = parent[key]
        key = int(step) if isinstance(parent, list) else step
    return parent, key
