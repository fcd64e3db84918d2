"""What is wrong with a schema, in words, each fault at its place."""

from collections.abc import Callable, Iterator, Set
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.pointers import pointer
from quaestor_shared.service.faults import compiled, meant_faults
from quaestor_shared.service.schema_messages import cut_key
from quaestor_validator.domain.dialects import DIALECTS, is_standard
from quaestor_validator.domain.references import BASE, UNPINNED, Reference, Survey

if TYPE_CHECKING:
    from jsonschema_rs import Registry, Validator

__all__ = [
    "dialect_fault",
    "general_fault",
    "keyword_faults",
    "meta_validator",
    "pattern_faults",
    "reference_faults",
]

_PATTERN = (
    "must be a regular expression (ECMA 262) without look-around and back-references: patterns "
    "are matched in linear time"
)
_NOWHERE = (
    "refers to `{}`, which is not registered here; a schema may refer to registered schemas, by "
    "their `$id` or by `name@version`, and into itself, and to nothing on a network or a disk"
)
_DIALECT = (
    "names the dialect `{}`, which is none that is known here; there are JSON Schema 2020-12, "
    "2019-09, draft-07, draft-06, draft-04, and registered meta-schemas"
)
_UNPINNED = "refers to `{}`; name the version too, for instance `{}@1`: what is meant must not move"


def dialect_fault(dialect: str) -> ErrorDetail:
    """Tell of a dialect that nobody knows."""
    return ErrorDetail(field="/$schema", message=_DIALECT.format(cut_key(dialect)), code="dialect")


def general_fault(error: Exception) -> ErrorDetail:
    """Tell of a fault that has no place, in the library's first line."""
    said = str(error).partition("\n")[0]
    return ErrorDetail(field="", message=f"cannot be compiled: {cut_key(said, 200)}")


@lru_cache(maxsize=len(DIALECTS))
def meta_validator(dialect: str) -> "Validator":
    """Compile the meta-schema of a dialect that the library has."""
    return compiled({"$schema": dialect, "$ref": dialect})


def keyword_faults(document: Any, meta: "Validator") -> Iterator[ErrorDetail]:  # noqa: ANN401
    """Check a schema against the schema of its dialect. `pattern_faults` has its patterns."""
    for fault in meant_faults(meta.iter_errors(document)):
        if not (fault.keyword == "format" and fault.expected == "a regex"):
            yield ErrorDetail(field=pointer(fault.path), message=fault.message, code=fault.keyword)


def pattern_faults(found: Survey) -> Iterator[ErrorDetail]:
    """Compile each pattern by itself."""
    from jsonschema_rs import RegexOptions, validator_for

    for path, text in found.patterns:
        try:
            validator_for({"pattern": text}, pattern_options=RegexOptions(), offline=True)
        except ValueError:
            yield ErrorDetail(field=pointer(path), message=_PATTERN, code="pattern")


def reference_faults(
    found: Survey,
    document: Any,  # noqa: ANN401 - a JSON value
    base: str,
    look_up: Callable[[str], Any],
    absent: Set[str],
) -> Iterator[ErrorDetail]:
    """Follow each reference by itself. `look_up` gives what is outside of the document."""
    from jsonschema_rs import Registry

    try:
        registry = Registry([(base, document)], retriever=look_up)
    except ValueError:
        registry = None  # the keywords are wrong then, and told of
    for reference in found.references:
        if message := _reference_fault(reference, registry, absent):
            field = pointer(reference.path)
            yield ErrorDetail(field=field, message=message, code="reference")


def _reference_fault(
    reference: Reference, registry: "Registry | None", absent: Set[str]
) -> str | None:
    shown = cut_key(reference.text.removeprefix(BASE))
    if reference.uri in absent:
        name = reference.uri.removeprefix(BASE)
        if name != reference.uri and UNPINNED.match(name):
            return _UNPINNED.format(shown, name.partition("@")[0])
        return _NOWHERE.format(shown)
    if registry is None or is_standard(reference.uri):
        return None  # compiling it is the proof
    try:
        registry.resolver(reference.base).lookup(reference.text)
    except Exception:  # noqa: BLE001 - the library's own class is not among its public names
        return f"refers to `{shown}`, where there is no schema"
    return None
