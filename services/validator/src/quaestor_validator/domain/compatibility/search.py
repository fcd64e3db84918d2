"""Examples that one schema takes and another does not, each checked before it is told of."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from quaestor_shared.json_patch import encoded
from quaestor_validator.domain.compatibility.documents import SchemaDocument
from quaestor_validator.domain.compatibility.instances import Instances

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

__all__ = ["Lost", "lost_instances"]

_MOST_CANDIDATES = 3_000
_STEPS = 50_000
_ENOUGH = 300  # instances that are refused
_MOST_ERRORS = 20
_MOST_PLACES = 200


class Lost(NamedTuple):
    """An instance that is taken no more, and the keyword at which it fails."""

    schema_path: tuple[str | int, ...]
    instance_path: tuple[str | int, ...]
    error: "ValidationError"
    instance: Any


def lost_instances(
    old: SchemaDocument, new: SchemaDocument, takes: "Validator", refuses: "Validator"
) -> list[Lost]:
    """Give one instance for each keyword of `new` that turns away what `old` takes: the smallest.

    `takes` and `refuses` are the validators of `old` and `new`. None found proves nothing.
    """
    smallest: dict[tuple[str | int, ...], tuple[int, Lost]] = {}
    for instance, errors in islice(_refused(old, new, takes, refuses), _ENOUGH):
        size = len(encoded(instance))
        for error in islice(errors, _MOST_ERRORS):
            path = tuple(error.schema_path)
            known = smallest.get(path)
            if (known is None and len(smallest) < _MOST_PLACES) or (known and known[0] > size):
                lost = Lost(path, tuple(error.instance_path), error, instance)
                smallest[path] = size, lost
    return [lost for _, lost in smallest.values()]


def _refused(
    old: SchemaDocument, new: SchemaDocument, takes: "Validator", refuses: "Validator"
) -> Iterator[tuple[Any, "Iterator[ValidationError]"]]:
    candidates = Instances(old, new, _matches, _STEPS).candidates()
    for instance in islice(candidates, _MOST_CANDIDATES):
        if takes.is_valid(instance) and not refuses.is_valid(instance):
            yield instance, refuses.iter_errors(instance)


@lru_cache(maxsize=4_096)
def _matches(pattern: str, name: str) -> bool:
    """Say whether a property's name matches, as a validator would; a bad pattern matches none."""
    from jsonschema_rs import RegexOptions, is_valid

    try:
        return is_valid({"pattern": pattern}, name, pattern_options=RegexOptions())
    except ValueError:
        return False
