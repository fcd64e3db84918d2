"""What a fault is, and what errors are about."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.pointers import Path
from quaestor_shared.service.schema_tree import SchemaTree

__all__ = ["Fault", "Path", "Scope"]


class Fault(NamedTuple):
    """One fault: where, by which keyword, in words, and what was expected and found.

    `key` means the name of the member at `path`. `missing` is the property that a keyword asks
    for in vain. `patch` makes what was meant of it, and is `safe` where it says the same thing.
    """

    path: Path
    keyword: str
    message: str
    expected: str | None = None
    actual: str | None = None
    key: bool = False
    missing: str | None = None
    did_you_mean: str | None = None
    fix: str | None = None
    patch: tuple[PatchOperation, ...] = ()
    safe: bool = False


class Scope(NamedTuple):
    """What errors are about: a part of a schema, the instance it was asked about, and its path.

    With it, faults come with what was meant, and no error's own copy of the instance is read.
    """

    tree: SchemaTree
    instance: Any
    place: str = ""
    path: Path = ()

    def place_of(self, path: Sequence[str | int]) -> str | None:
        """Give the place in the schema that an evaluation path leads to."""
        return self.tree.follow(self.place, path)
