"""A user's schema, checked and compiled: every fault at its place, nothing fetched."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import MalformedBody
from quaestor_shared.pointers import pointer
from quaestor_shared.service import strict_json
from quaestor_shared.service.faults import compiled, meant_faults
from quaestor_shared.service.schema_messages import cut_key
from quaestor_shared.service.schema_tree import SchemaTree
from quaestor_validator.domain.dialects import DIALECTS, dialect_of, is_standard, named
from quaestor_validator.domain.references import BASE, UNPINNED, Reference, pin, survey
from quaestor_validator.workers.protocol import Learn, Schema

if TYPE_CHECKING:
    from jsonschema_rs import Registry, Validator

__all__ = ["Compiled", "Compiler", "Unknown", "UnusableSchema"]

_MOST_FAULTS = 100
# What refers to a part of a schema needs a URI of its own, or the part is looked for in itself.
_PART = f"{BASE}part"
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_MOST_KEPT = 32 * 1024 * 1024  # bytes of schemas
_PATTERN = (
    "must be a regular expression as ECMA 262 has them, without look-around and back-references: "
    "it is matched in linear time"
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


class Unknown(Exception):
    """These URIs are referred to, and nothing is known of them yet."""

    def __init__(self, uris: tuple[str, ...]) -> None:
        super().__init__(*uris)
        self.uris = uris


class UnusableSchema(Exception):
    """The schema is none, for these reasons."""

    def __init__(self, faults: Iterator[ErrorDetail] | list[ErrorDetail]) -> None:
        super().__init__()
        self.faults = tuple(dict.fromkeys(faults))[:_MOST_FAULTS]


class Compiled(NamedTuple):
    """A schema that instances can be checked against, and its parts by place."""

    validator: "Validator"
    tree: SchemaTree


class Compiler:
    """Compiles schemas, and knows the registered ones it was told of."""

    def __init__(self) -> None:
        self._known: dict[str, Schema] = {}
        self._absent: frozenset[str] = frozenset()

    def learn(self, lesson: Learn) -> None:
        """Take schemas in. What is absent is so for now: it may be registered any time."""
        if sum(len(schema.text) for schema in self._known.values()) > _MOST_KEPT:
            self._known.clear()
        self._known.update(lesson.known)
        self._absent = frozenset(lesson.absent)

    def find(self, uri: str) -> Schema:
        """Give the schema that was learned for a URI. Raises Unknown."""
        if uri not in self._known:
            raise Unknown((uri,))
        return self._known[uri]

    def compile(self, schema: Schema, *, formats: bool) -> Compiled:
        """Compile a schema. Raises UnusableSchema, Unknown."""
        from jsonschema_rs import RegexOptions, ValidationError, validator_for

        document = self._document(schema)
        self._ask(survey(document, schema.base).outward())
        wanted: set[str] = set()
        compile_one = partial(
            validator_for,
            base_uri=schema.base,
            retriever=self._retriever(wanted, {schema.base: document}),
            pattern_options=RegexOptions(),
            validate_formats=formats,
        )
        try:
            return Compiled(
                compile_one(document), SchemaTree(document, _at_place(schema.base, compile_one))
            )
        except (ValidationError, ValueError) as error:
            self._ask(wanted)
            faults = list(self._faults(document, schema.base))
            raise UnusableSchema(faults or [_general(error)]) from error

    def check(self, schema: Schema) -> None:
        """Find every fault of a schema. Raises UnusableSchema, Unknown."""
        self.compile(schema, formats=True)
        document = self._document(schema)
        if faults := list(self._reference_faults(document, schema.base)):
            raise UnusableSchema(faults)

    def _document(self, schema: Schema) -> Any:  # noqa: ANN401 - a JSON value
        try:
            document = strict_json.parse(schema.text, nul=True)
        except MalformedBody as error:
            raise UnusableSchema(list(error.details)) from error
        dialect = dialect_of(document)
        if not isinstance(dialect, str):
            raise UnusableSchema([ErrorDetail(field="/$schema", message="must be a URI")])
        pin(document)
        return named(document, schema.base)

    def _retriever(
        self, wanted: set[str], own: Mapping[str, Any] = _NOTHING
    ) -> Callable[[str], Any]:
        def retrieve(uri: str) -> Any:  # noqa: ANN401 - a JSON value
            if uri in own:
                return own[uri]
            schema = self._known.get(uri)
            if schema is None:
                wanted.add(uri)
                raise LookupError(uri)
            return self._document(schema)

        return retrieve

    def _ask(self, uris: set[str]) -> None:
        """Ask for what is not known of yet. Raises Unknown."""
        unknown = sorted(
            uri
            for uri in uris
            if uri not in self._known and uri not in self._absent and not is_standard(uri)
        )
        if unknown:
            raise Unknown(tuple(unknown))

    def _faults(self, document: Any, base: str) -> Iterator[ErrorDetail]:  # noqa: ANN401
        """Give what is wrong: with the dialect, else with the keywords, else with references."""
        if (dialect := dialect_of(document)) in self._absent:
            yield ErrorDetail(field="/$schema", message=_DIALECT.format(cut_key(dialect)))
            return
        against_meta = list(self._keyword_faults(document, dialect))
        yield from against_meta or self._reference_faults(document, base)

    def _keyword_faults(self, document: Any, dialect: str) -> Iterator[ErrorDetail]:  # noqa: ANN401
        """Check a schema against the schema of its dialect."""
        for fault in meant_faults(self._meta(dialect).iter_errors(document)):
            pattern = fault.keyword == "format" and fault.expected == "a regex"
            yield ErrorDetail(
                field=pointer(fault.path),
                message=_PATTERN if pattern else fault.message,
                code="pattern" if pattern else fault.keyword,
            )

    def _meta(self, dialect: str) -> "Validator":
        return _built_in_meta(dialect) if dialect in DIALECTS else self._compiled_meta(dialect)

    def _compiled_meta(self, dialect: str) -> "Validator":
        from jsonschema_rs import RegexOptions, validator_for

        return validator_for(
            {"$ref": dialect},
            retriever=self._retriever(set()),
            pattern_options=RegexOptions(),
            validate_formats=True,
        )

    def _reference_faults(self, document: Any, base: str) -> Iterator[ErrorDetail]:  # noqa: ANN401
        """Follow each reference by itself."""
        from jsonschema_rs import Registry

        def retrieve(uri: str) -> Any:  # noqa: ANN401 - a JSON value
            known = self._known.get(uri)
            return True if known is None else self._document(known)

        registry = Registry([(base, document)], retriever=retrieve)
        for reference in survey(document, base).references:
            if message := self._fault_of(reference, registry):
                place = pointer(reference.path)
                yield ErrorDetail(field=place, message=message, code="reference")

    def _fault_of(self, reference: Reference, registry: "Registry") -> str | None:
        shown = cut_key(reference.text)
        if reference.uri in self._absent:
            name = reference.uri.removeprefix(BASE)
            if name != reference.uri and UNPINNED.match(name):
                return _UNPINNED.format(shown, name.partition("@")[0])
            return _NOWHERE.format(shown)
        if is_standard(reference.uri):
            return None  # compiling it is the proof
        try:
            registry.resolver(reference.base).lookup(reference.text)
        except Exception:  # noqa: BLE001 - the library's own class is not among its public names
            return f"refers to `{shown}`, where there is no schema"
        return None


def _at_place(
    base: str, compile_one: Callable[..., "Validator"]
) -> Callable[[str], "Validator | None"]:
    """Give what compiles the part of a schema at a place, or gives None where that cannot be."""

    def compile_at(place: str) -> "Validator | None":
        try:
            return compile_one({"$ref": f"{base}#{quote(place, safe='/~$')}"}, base_uri=_PART)
        except Exception:  # noqa: BLE001 - whatever it is, there is no part to ask
            return None

    return compile_at


@lru_cache(maxsize=len(DIALECTS))
def _built_in_meta(dialect: str) -> "Validator":
    return compiled({"$schema": dialect, "$ref": dialect})


def _general(error: Exception) -> ErrorDetail:
    """Tell of a fault that has no place, in the library's first line."""
    said = str(error).partition("\n")[0]
    return ErrorDetail(field="", message=f"cannot be compiled: {cut_key(said, 200)}")
