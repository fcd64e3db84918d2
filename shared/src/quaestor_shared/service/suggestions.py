"""What was probably meant where a schema finds a fault, and the change that makes it so.

A change is safe where it only writes the same thing in the way that the schema wants it: another
case or separator, a number or truth value without its quotes. Everything else is a guess, and
left to a person.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.near import nearest
from quaestor_shared.pointers import pointer
from quaestor_shared.service.schema_tree import SchemaTree
from quaestor_shared.service.shown import cut, cut_key

__all__ = ["NOTHING", "Suggestion", "for_extra", "for_value"]

Path = tuple[str | int, ...]
_SEPARATORS = str.maketrans("", "", "_- ")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?\Z")
_CLOSE = 0.66  # one letter of three may be another
_LONGEST = 100  # characters that are compared
_MOST = 500  # candidates that are compared


class Suggestion(NamedTuple):
    """What was meant, in words and as a patch."""

    did_you_mean: str | None = None
    fix: str | None = None
    patch: tuple[PatchOperation, ...] = ()
    safe: bool = False


NOTHING = Suggestion()


def for_value(
    path: Path,
    value: Any,  # noqa: ANN401 - a JSON value
    keyword: str,
    facts: Mapping[str, Any],
    tree: SchemaTree,
    place: str,
) -> Suggestion:
    """Suggest another value; `place` is where in the schema the fault's keyword stands."""
    around = place.rpartition("/")[0]
    if keyword in ("enum", "const") and isinstance(value, str):
        options = facts.get("options", [facts.get("expected_value")])
        texts = [option for option in options[:_MOST] if isinstance(option, str)]
        meant, certain = _meant(value, texts)
        if meant is None:
            return NOTHING
        return _replacement(path, meant, safe=certain and tree.fits(around, meant))
    if keyword == "type" and isinstance(value, str):
        other = _unquoted(value, facts.get("types", ()))
        if other is not None:
            return _replacement(path, other, safe=tree.fits(around, other))
    return NOTHING


def for_extra(
    path: Path,
    key: str,
    extras: Iterable[str],
    parent: Mapping[str, Any],
    tree: SchemaTree,
    around: str,
) -> Suggestion:
    """Suggest another name for a property that is not allowed; `around` is the object's schema."""
    known = tree.properties(around)
    meant, certain = _meant(key, list(known)[:_MOST])
    if meant is None:
        return NOTHING
    if meant in parent:
        return Suggestion(
            did_you_mean=cut_key(meant), fix=f"`{cut_key(meant)}` is there already; take this out"
        )
    alone = sum(_fold(extra) == _fold(meant) for extra in extras) == 1
    move = PatchOperation(op="move", from_=pointer((*path, key)), path=pointer((*path, meant)))
    settled = tree.settled(around) + pointer(("properties", meant))
    return Suggestion(
        did_you_mean=cut_key(meant),
        fix=f"call it `{cut_key(meant)}`",
        patch=(move,),
        safe=certain and alone and tree.fits(settled, parent[key]),
    )


def _meant(given: str, candidates: list[str]) -> tuple[str | None, bool]:
    """Give the candidate that was meant, and whether only case and separators say otherwise."""
    if len(given) > _LONGEST:
        return None, False
    alike = [each for each in candidates if _fold(each) == _fold(given)]
    if alike:
        return alike[0], len(alike) == 1
    folds = {_fold(each): each for each in reversed(candidates) if len(each) <= _LONGEST}
    close = nearest(_fold(given), folds, _CLOSE)
    return (None if close is None else folds[close]), False


def _fold(text: str) -> str:
    return text.casefold().translate(_SEPARATORS)


def _unquoted(text: str, types: Iterable[str]) -> int | float | bool | None:
    """Read a text as the number or truth value that the schema wants; None where it is none."""
    if text in ("true", "false") and "boolean" in types:
        return text == "true"
    if not _NUMBER.match(text) or not {"number", "integer"} & set(types):
        return None
    number: int | float = json.loads(text)
    return number


def _replacement(path: Path, value: Any, *, safe: bool) -> Suggestion:  # noqa: ANN401 - a JSON value
    operation = PatchOperation(op="replace", path=pointer(path), value=value)
    shown = cut(value)
    meant = value if isinstance(value, str) else shown
    return Suggestion(cut_key(meant), f"write {shown}", (operation,), safe)
