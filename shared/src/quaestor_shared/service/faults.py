"""The faults that a schema finds, each at the place where a person would mend it.

A missing property is a fault of its parent, one too many a fault at its own key. Where a schema
offers alternatives, the faults are those of the alternative that was meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.service.alternatives import Branch, meant_branch, of_that_type, types_wanted
from quaestor_shared.service.schema_messages import cut, cut_key, describe, expectation
from quaestor_shared.service.schema_tree import SchemaTree, compiled
from quaestor_shared.service.suggestions import NOTHING, for_extra, for_value

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

__all__ = ["Fault", "Scope", "compiled", "meant_faults"]

Path = tuple[str | int, ...]
# Comparing a name with all others takes time, and nobody reads a thousand suggestions.
_MOST_SUGGESTIONS = 20
_WITHOUT_VALUE = frozenset({"required", "dependentRequired", "falseSchema"})


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


def meant_faults(
    errors: "Iterable[ValidationError]", scope: Scope | None = None
) -> Iterator[Fault]:
    """Give the faults behind the errors of a validator, alternatives settled."""
    for error in errors:
        branches = getattr(error.kind, "context", None)
        if branches:
            yield from _of_branches(error, branches, scope)
        elif error.kind.name == "propertyNames":
            yield from _of_name(error, scope)
        elif unexpected := getattr(error.kind, "unexpected", None):
            yield from _of_extras(error, unexpected, scope)
        else:
            yield _fault(error, scope)


def _fault(error: "ValidationError", scope: Scope | None) -> Fault:
    keyword = error.kind.name
    path, value = _at(error, scope)
    facts = error.kind.as_dict() if keyword in ("enum", "const", "type", "required") else {}
    place = scope.place_of(error.evaluation_path) if scope else None
    meant = (
        for_value(path, value, keyword, facts, scope.tree, place) if scope and place else NOTHING
    )
    return Fault(
        path=path,
        keyword=keyword,
        message=describe(error, value),
        expected=expectation(error),
        actual=None if keyword in _WITHOUT_VALUE else cut(value),
        missing=facts.get("property"),
        **meant._asdict(),
    )


def _of_name(error: "ValidationError", scope: Scope | None) -> Iterator[Fault]:
    """Give the fault of a member's name, at the name."""
    path, _ = _at(error, scope)
    inner: ValidationError = error.kind.error  # type: ignore[attr-defined]  # of this kind alone
    name = str(inner.instance)
    message = f"its name {describe(inner, name)}"
    yield Fault((*path, name), "propertyNames", message, expectation(inner), cut(name), key=True)


def _of_extras(
    error: "ValidationError", unexpected: Sequence[str], scope: Scope | None
) -> Iterator[Fault]:
    path, value = _at(error, scope)
    place = scope.place_of(error.evaluation_path[:-1]) if scope else None
    for number, key in enumerate(unexpected):
        meant = NOTHING
        if number < _MOST_SUGGESTIONS and scope and place is not None and isinstance(value, dict):
            meant = for_extra(path, key, unexpected, value, scope.tree, place)
        yield Fault(
            path=(*path, key),
            keyword=error.kind.name,
            message=f"`{cut_key(key)}` is not allowed",
            key=True,
            **meant._asdict(),
        )


def _of_branches(
    error: "ValidationError", branches: Sequence[Branch], scope: Scope | None
) -> Iterator[Fault]:
    """Settle `anyOf` and `oneOf`."""
    place = list(error.instance_path)
    path, value = _at(error, scope)
    candidates = of_that_type(branches, place)

    def properties(number: int) -> set[str]:
        at = scope.place_of([*error.evaluation_path, number]) if scope else None
        return set(scope.tree.properties(at)) if scope and at is not None else set()

    meant = meant_branch(branches, candidates, value, properties) if candidates else None
    if meant is not None:
        yield from meant_faults(meant, scope)
    elif candidates or not all(branches):
        yield _fault(error, scope)
    else:
        expected, actual = types_wanted(branches, place), cut(value)
        message = f"must be {expected}, not {actual}"
        yield Fault(path, "type", message, expected, actual)


def _at(error: "ValidationError", scope: Scope | None) -> tuple[Path, Any]:
    """Give the place of an error in the whole instance, and the value there."""
    path = tuple(error.instance_path)
    if scope is None:
        return path, error.instance
    value = scope.instance
    for step in path:
        value = value[step]
    return (*scope.path, *path), value
