"""Which alternative of `anyOf` or `oneOf` the author of an instance meant."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from quaestor_shared.pointers import pointer
from quaestor_shared.service.json_values import json_type
from quaestor_shared.service.schema_messages import expectation
from quaestor_shared.service.shown import cut_key, either

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

__all__ = [
    "Form",
    "forms_of",
    "meant_form",
    "of_that_type",
    "options_of",
    "shared_constants",
    "types_wanted",
    "wanted",
]

_CONSTANTS = ("const", "enum")
_MOST_FORMS = 64
_MOST_SHOWN = 8
_MOST_NEEDS = 3


class Form(NamedTuple):
    """One alternative: what keeps the instance from it, and the places of its schemas.

    There are more places than one where an alternative has alternatives itself.
    """

    errors: tuple["ValidationError", ...]
    places: tuple[tuple[str | int, ...], ...]


def forms_of(error: "ValidationError") -> list[Form]:
    """Give the alternatives that an error is about; those inside of others each as one."""
    found: list[Form] = []
    _collect(error, Form((), ()), found)
    return found


def _collect(error: "ValidationError", outer: Form, found: list[Form]) -> None:
    for number, branch in enumerate(_branches(error)):
        places = (*outer.places, (*error.evaluation_path, number))
        inner = [each for each in branch if _is_choice(each, error.instance_path)]
        if len(inner) == 1 and len(found) < _MOST_FORMS:
            rest = tuple(each for each in branch if each is not inner[0])
            _collect(inner[0], Form((*outer.errors, *rest), places), found)
        else:
            found.append(Form((*outer.errors, *branch), places))


def _branches(error: "ValidationError") -> Sequence[Sequence["ValidationError"]]:
    return getattr(error.kind, "context", None) or ()


def _is_choice(error: "ValidationError", place: Sequence[str | int]) -> bool:
    """Say whether an error is that of alternatives of the same value, none of which fits."""
    branches = _branches(error)
    return bool(branches) and all(branches) and list(error.instance_path) == list(place)


def of_that_type(
    forms: Iterable[Form],
    value: Any,  # noqa: ANN401 - a JSON value
    place: Sequence[str | int],
) -> list[Form]:
    """Give the forms that the value fails for another reason than its type."""
    return [form for form in forms if not any(_about_type(e, value, place) for e in form.errors)]


def meant_form(
    forms: list[Form],
    value: Any,  # noqa: ANN401 - a JSON value
    properties: Callable[[Form], set[str]],
) -> Form | None:
    """Give the one form that was meant, or None where there is no telling.

    First go those with a constant that another finds right, then those that know none of an
    object's properties where another knows some; of the rest the one with the fewest faults was
    meant. `properties` gives what a form knows.
    """
    constants = [set(_wrong_constants(form)) for form in forms]
    right = set.intersection(*constants) if constants else set()
    left = [form for form, wrong in zip(forms, constants, strict=True) if wrong <= right] or forms
    if isinstance(value, dict) and len(left) > 1:
        left = [form for form in left if not properties(form).isdisjoint(value)] or left
    ordered = sorted(left, key=_distance)
    if not ordered or (len(ordered) > 1 and _distance(ordered[0]) == _distance(ordered[1])):
        return None
    return ordered[0]


def shared_constants(forms: list[Form]) -> list["ValidationError"]:
    """Give the errors of the constant that every form finds wrong, the outermost such one."""
    constants = [_wrong_constants(form) for form in forms]
    if len(constants) < 2:
        return []
    common = set(constants[0]).intersection(*constants[1:])
    if not common:
        return []
    place = min(common, key=len)
    return [each[place] for each in constants]


def wanted(forms: Iterable[Form], place: Sequence[str | int]) -> str:
    """Say what each form wants, in a few words."""
    return either((_wanted(form, place) for form in forms), _MOST_SHOWN)


def types_wanted(
    forms: Iterable[Form],
    value: Any,  # noqa: ANN401 - a JSON value
    place: Sequence[str | int],
) -> str:
    """Name the types and constants that forms take where the value has none of their types."""
    about = (e for form in forms for e in form.errors if _about_type(e, value, place))
    return either((expectation(each) or "" for each in about), _MOST_SHOWN)


def _wanted(form: Form, place: Sequence[str | int]) -> str:
    said = []
    for error in form.errors[:_MOST_NEEDS]:
        need = expectation(error) or f"`{error.kind.name}`"
        below = list(error.instance_path)[len(place) :]
        said.append(f"{need} at `{cut_key(pointer(below))}`" if below else need)
    return " and ".join([*said, "more"] if len(form.errors) > _MOST_NEEDS else said)


def _about_type(error: "ValidationError", value: Any, place: Sequence[str | int]) -> bool:  # noqa: ANN401
    """Say whether the value is of another JSON type than an error's keyword takes."""
    if list(error.instance_path) != list(place):
        return False
    if error.kind.name in _CONSTANTS:
        return all(json_type(each) != json_type(value) for each in options_of(error))
    return error.kind.name == "type"


def options_of(error: "ValidationError") -> list[Any]:
    """Give the values that an `enum` or a `const` takes."""
    facts = error.kind.as_dict()
    options: list[Any] = facts["options"] if "options" in facts else [facts["expected_value"]]
    return options


def _wrong_constants(form: Form) -> dict[tuple[str | int, ...], "ValidationError"]:
    return {tuple(e.instance_path): e for e in form.errors if e.kind.name in _CONSTANTS}


def _distance(form: Form) -> tuple[int, int]:
    """Count what keeps an instance from a form; a wrong tag or constant weighs most."""
    return sum(e.kind.name in _CONSTANTS for e in form.errors), len(form.errors)
