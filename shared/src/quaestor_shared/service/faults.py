"""The faults that a schema finds, each at the place where a person would mend it.

A missing property is a fault of its parent, one too many a fault at its own key. Where a schema
offers alternatives, the faults are those of the alternative that was meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from quaestor_shared.pointers import reach
from quaestor_shared.service.alternatives import (
    Form,
    forms_of,
    meant_form,
    of_that_type,
    options_of,
    shared_constants,
    types_wanted,
    wanted,
)
from quaestor_shared.service.containing import contained
from quaestor_shared.service.fault import Fault, Path, Scope
from quaestor_shared.service.schema_messages import describe, expectation
from quaestor_shared.service.schema_tree import compiled
from quaestor_shared.service.shown import cut, cut_key, listed
from quaestor_shared.service.suggestions import NOTHING, for_extra, for_value

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

__all__ = ["Fault", "Scope", "compiled", "meant_faults"]

# Comparing a name with all others takes time, and nobody reads a thousand suggestions.
_MOST_SUGGESTIONS = 20
_WITHOUT_VALUE = frozenset({"required", "dependentRequired"})
_OF_MEMBERS = frozenset({"additionalProperties", "unevaluatedProperties", "propertyNames"})
_MOST_NAMED = 8


def meant_faults(
    errors: "Iterable[ValidationError]", scope: Scope | None = None
) -> Iterator[Fault]:
    """Give the faults behind the errors of a validator, alternatives settled."""
    return map(_within_reach, _faults(errors, scope))


def _faults(errors: "Iterable[ValidationError]", scope: Scope | None) -> Iterator[Fault]:
    for error in errors:
        keyword = _of_members(error)
        if branches := getattr(error.kind, "context", None):
            yield from _of_branches(error, branches, scope)
        elif error.kind.name == "propertyNames":
            yield from _of_name(error, scope)
        elif keyword and isinstance(members := _at(error, scope)[1], dict):
            unexpected = getattr(error.kind, "unexpected", list(members))
            yield from _of_extras(error, unexpected, scope, keyword)
        else:
            yield _fault(error, scope)


def _of_members(error: "ValidationError") -> str | None:
    """Give the keyword that an object's members break. One that allows none says `falseSchema`."""
    if error.kind.name == "falseSchema":
        last = error.evaluation_path[-1] if error.evaluation_path else None
        return str(last) if last in _OF_MEMBERS else None
    return error.kind.name if error.kind.name in _OF_MEMBERS else None


def _within_reach(fault: Fault) -> Fault:
    """Let a fault below a name that is too long for a pointer point at what has that name."""
    path = reach(fault.path)
    if len(path) == len(fault.path):
        return fault
    size = len(str(fault.path[len(path)]))
    where = f"below this place, at a name of {size} characters: too far for a pointer"
    message = f"{fault.message} ({where})"
    return fault._replace(path=path, message=message, key=False, fix=None, patch=(), safe=False)


def _fault(error: "ValidationError", scope: Scope | None) -> Fault:
    keyword = error.kind.name
    path, value = _at(error, scope)
    facts = error.kind.as_dict()
    place = scope.place_of(error.evaluation_path) if scope else None
    meant = (
        for_value(path, value, keyword, facts, scope.tree, place) if scope and place else NOTHING
    )
    message, expected = describe(error, value, facts), expectation(error, facts)
    if keyword == "contains" and scope and isinstance(value, list):
        around = scope.place_of(error.evaluation_path[:-1])
        message, expected = contained(scope.tree, around, value) or (message, expected)
    return Fault(
        path=path,
        keyword=keyword,
        message=message,
        expected=expected,
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
    error: "ValidationError", unexpected: Sequence[str], scope: Scope | None, keyword: str
) -> Iterator[Fault]:
    path, value = _at(error, scope)
    place = scope.place_of(error.evaluation_path[:-1]) if scope else None
    known = scope.tree.properties(place) if scope and place is not None else {}
    for number, key in enumerate(unexpected):
        meant = NOTHING
        if number < _MOST_SUGGESTIONS and scope and place is not None and isinstance(value, dict):
            meant = for_extra(path, key, unexpected, value, scope.tree, place)
        yield Fault(
            path=(*path, key),
            keyword=keyword,
            message=f"`{cut_key(key)}` is not allowed",
            expected=f"one of {listed(list(known), 20)}" if known else "no such property",
            key=True,
            **meant._asdict(),
        )


def _of_branches(
    error: "ValidationError", branches: Sequence[Sequence["ValidationError"]], scope: Scope | None
) -> Iterator[Fault]:
    """Settle `anyOf` and `oneOf`."""
    place = list(error.instance_path)
    path, value = _at(error, scope)
    if not all(branches):
        fitting = [number for number, branch in enumerate(branches) if not branch]
        yield Fault(path, error.kind.name, *_several_fit(error, fitting, scope), cut(value))
        return
    every = forms_of(error)
    forms = of_that_type(every, value, place)
    if not forms:
        expected, actual = types_wanted(every, value, place), cut(value)
        yield Fault(path, "type", f"must be {expected}, not {actual}", expected, actual)
        return

    def properties(form: Form) -> set[str]:
        places = [scope.place_of(each) for each in form.places] if scope else []
        return {
            name for at in places if scope and at is not None for name in scope.tree.properties(at)
        }

    meant, constants = meant_form(forms, value, properties), shared_constants(forms)
    if constants:
        yield _of_constants(constants, scope)
    if meant is not None:
        left = tuple(constants[0].instance_path) if constants else None
        yield from _faults(
            [
                e
                for e in meant.errors
                if not (e.kind.name in ("const", "enum") and tuple(e.instance_path) == left)
            ],
            scope,
        )
    elif not constants:
        expected, actual = wanted(forms, place), cut(value)
        message = (
            f"fits none of the {len(every)} forms that are taken here ({expected}); it is {actual}"
        )
        yield Fault(path, error.kind.name, message, expected, actual)


def _of_constants(errors: Sequence["ValidationError"], scope: Scope | None) -> Fault:
    """Give the fault of a tag or a constant that no alternative has."""
    path, value = _at(errors[0], scope)
    options = [option for error in errors for option in options_of(error)]
    meant = NOTHING
    for error in errors[:_MOST_SUGGESTIONS]:
        place = scope.place_of(error.evaluation_path) if scope else None
        if scope and place and not meant.safe:
            facts = {"options": options}
            found = for_value(path, value, "enum", facts, scope.tree, place)
            meant = found if found.safe or meant is NOTHING else meant
    expected, actual = f"one of {listed(options)}", cut(value)
    message = f"must be {expected}, not {actual}"
    return Fault(path, "enum", message, expected, actual, **meant._asdict())


def _several_fit(
    error: "ValidationError", fitting: Sequence[int], scope: Scope | None
) -> tuple[str, str]:
    """Say which alternatives of a `oneOf` fit, by number and title."""
    names = []
    for number in fitting[:_MOST_NAMED]:
        place = scope.place_of([*error.evaluation_path, number]) if scope else None
        title = scope.tree.title(place) if scope and place is not None else None
        names.append(f"`oneOf/{number}`" + (f" ({cut(title)})" if title else ""))
    if len(fitting) > _MOST_NAMED:
        names.append(f"{len(fitting) - _MOST_NAMED} more")
    message = f"must fit exactly one form, and fits {len(fitting)}: {' and '.join(names)}"
    return message, "exactly one of the forms"


def _at(error: "ValidationError", scope: Scope | None) -> tuple[Path, Any]:
    """Give the place of an error in the whole instance, and the value there."""
    path = tuple(error.instance_path)
    if scope is None:
        return path, error.instance
    value = scope.instance
    for step in path:
        value = value[step]
    return (*scope.path, *path), value
