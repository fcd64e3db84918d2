"""The patches that rules propose, as operations of a JSON Patch (RFC 6902).

What takes something from a list tests first that it still stands there, because an earlier patch
to the same list moves what comes after.
"""

from typing import Any

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.pointers import Path, pointer

__all__ = ["append", "drop_item", "rename_member", "replace"]


def replace(path: Path, old: Any, new: Any) -> tuple[PatchOperation, ...]:  # noqa: ANN401 - JSON
    """Put a value in the place of another."""
    place = pointer(path)
    return (
        PatchOperation(op="test", path=place, value=old),
        PatchOperation(op="replace", path=place, value=new),
    )


def drop_item(path: Path, item: Any) -> tuple[PatchOperation, ...]:  # noqa: ANN401 - JSON
    """Take an item out of a list."""
    place = pointer(path)
    return (
        PatchOperation(op="test", path=place, value=item),
        PatchOperation(op="remove", path=place),
    )


def append(path: Path, item: Any) -> tuple[PatchOperation, ...]:  # noqa: ANN401 - JSON
    """Put an item at the end of a list."""
    return (PatchOperation(op="add", path=pointer((*path, "-")), value=item),)


def rename_member(path: Path, name: str) -> tuple[PatchOperation, ...]:
    """Give the member at a path another name."""
    return (PatchOperation(op="move", from_=pointer(path), path=pointer((*path[:-1], name))),)
