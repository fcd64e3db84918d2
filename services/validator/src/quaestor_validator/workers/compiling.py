"""A user's schema, checked and compiled: every fault at its place, nothing fetched."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import MalformedBody
from quaestor_shared.service import strict_json
from quaestor_shared.service.schema_tree import SchemaTree
from quaestor_validator.domain.dialects import DIALECTS, dialect_of, is_standard, named
from quaestor_validator.domain.references import BASE, make_absolute, survey
from quaestor_validator.workers.protocol import Learn, Schema
from quaestor_validator.workers.schema_faults import (
    dialect_fault,
    general_fault,
    keyword_faults,
    meta_validator,
    pattern_faults,
    reference_faults,
)

if TYPE_CHECKING:
    from jsonschema_rs import Validator

__all__ = ["Compiled", "Compiler", "Unknown", "UnusableSchema"]

_MOST_FAULTS = 100
# What refers to a part of a schema needs a URI of its own, or the part is looked for in itself.
_PART = f"{BASE}part"
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_MOST_KEPT = 32 * 1024 * 1024  # bytes of schemas


class Unknown(Exception):
    """These URIs are referred to, and nothing is known of them yet."""

    def __init__(self, uris: tuple[str, ...]) -> None:
        super().__init__(*uris)
        self.uris = uris


class UnusableSchema(Exception):
    """The schema is none, for these reasons."""

    def __init__(self, faults: Iterable[ErrorDetail]) -> None:
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

    def look_up(self, uri: str) -> tuple[Any, str] | None:
        """Give the document that was learned for a URI, and where its references start from."""
        known = self._known.get(uri)
        return None if known is None else (self.read(known), known.base)

    def compile(self, schema: Schema, *, formats: bool) -> Compiled:
        """Compile a schema. Raises UnusableSchema, Unknown."""
        from jsonschema_rs import RegexOptions, ValidationError, validator_for

        document = self.read(schema)
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
            raise UnusableSchema(faults or [general_fault(error)]) from error

    def check(self, schema: Schema) -> None:
        """Find every fault of a schema. Raises UnusableSchema, Unknown."""
        self.compile(schema, formats=True)
        if faults := list(self._faults(self.read(schema), schema.base)):
            raise UnusableSchema(faults)  # where compiling never looked: in parts that are not used

    def read(self, schema: Schema) -> Any:  # noqa: ANN401 - a JSON value
        """Parse a schema, and make its references absolute that lead out. Raises UnusableSchema."""
        try:
            document = strict_json.parse(schema.text, nul=True)
        except MalformedBody as error:
            raise UnusableSchema(list(error.details)) from error
        dialect = dialect_of(document)
        if not isinstance(dialect, str):
            raise UnusableSchema([ErrorDetail(field="/$schema", message="must be a URI")])
        document = named(document, schema.base)
        make_absolute(document, survey(document, schema.base))
        return document

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
            return self.read(schema)

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
        """Give what is wrong with the dialect, or else with keywords, patterns and references."""
        dialect = dialect_of(document)
        if dialect in self._absent:
            yield dialect_fault(dialect)
            return
        found = survey(document, base)
        yield from keyword_faults(document, self._meta(dialect))
        yield from pattern_faults(found)
        yield from reference_faults(found, document, base, self._look_up, self._absent)

    def _meta(self, dialect: str) -> "Validator":
        if dialect in DIALECTS:
            return meta_validator(dialect)
        schema = Schema(base=dialect, text=self.find(dialect).text)
        return self.compile(schema, formats=True).validator

    def _look_up(self, uri: str) -> Any:  # noqa: ANN401 - a JSON value
        """Give what a URI means; of what is missing, anything."""
        known = self._known.get(uri)
        return True if known is None else self.read(known)


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
