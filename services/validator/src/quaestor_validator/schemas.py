"""The schemas that instances are checked against, by name and version."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from quaestor_shared.contracts.artifact import SCHEMA_ID, Artifact
from quaestor_shared.contracts.schemas import SchemaView
from quaestor_shared.errors import NotFound
from quaestor_shared.schema import json_schema
from quaestor_shared.service import quick_json
from quaestor_shared.service.fault_search import faults_in
from quaestor_shared.service.faults import Fault
from quaestor_shared.service.schema_tree import SchemaTree, compiled
from quaestor_validator.domain.schema_index import canonical

if TYPE_CHECKING:
    from jsonschema_rs import Validator

__all__ = ["Schema", "Schemas", "built_in_schemas"]

# What the contract leaves open may be nested so deep: well below what `strict_json` takes.
_MOST_DEPTH = 32


class Schema:
    """A named, versioned schema; compiled when it is first used, because that costs memory.

    `contract` is the Struct that an instance of the schema decodes into, and `open_part` gives of
    one what the contract leaves open.
    """

    def __init__(
        self,
        name: str,
        version: int,
        contract: Any,  # noqa: ANN401 - any type form
        schema_id: str,
        open_part: Callable[[Any], Any],
    ) -> None:
        self.name = name
        self.version = version
        self.id = schema_id
        self.contract = contract
        self._open_part = open_part
        self._decoder = msgspec.json.Decoder(contract)

    @property
    def label(self) -> str:
        """The name and version as one word: `backend@1`."""
        return f"{self.name}@{self.version}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """The JSON Schema document."""
        return json_schema(self.contract, schema_id=self.id)

    @cached_property
    def text(self) -> bytes:
        """The document as JSON text."""
        return msgspec.json.encode(self.document)

    @cached_property
    def _tree(self) -> SchemaTree:
        return SchemaTree(self.document)

    def faults(self, instance: Any) -> Iterator[Fault]:  # noqa: ANN401 - a JSON value
        """Give what keeps an instance from being valid, as it is found."""
        return faults_in(self._tree, instance)

    def read(self, text: bytes) -> Any:  # noqa: ANN401 - the contract, or None
        """Read a text straight into the contract; None where it is not certain that it is valid.

        What decodes is valid, but for the formats of strings, which msgspec does not know.
        """
        value = quick_json.read_as(text, self._decoder, self._open_part, _MOST_DEPTH)
        if value is None:
            return None
        fits = (format_.is_valid(getattr(value, name)) for name, format_ in self._formats)
        return value if all(fits) else None

    @cached_property
    def _formats(self) -> "tuple[tuple[str, Validator], ...]":
        """The properties of the root that have a format; no others have one."""
        root = SchemaTree(self.document).properties("")
        return tuple((name, compiled(node)) for name, node in root.items() if "format" in node)

    def view(self, *, whole: bool) -> SchemaView:
        """Give the schema as clients see it; `whole` with its document."""
        document = self.document if whole else None
        return SchemaView(
            name=self.name, version=self.version, id=self.id, built_in=True, document=document
        )


class Schemas:
    """Finds the built-in schemas."""

    def __init__(self, schemas: Iterable[Schema]) -> None:
        self._schemas = sorted(schemas, key=lambda schema: (schema.name, schema.version))

    def __iter__(self) -> Iterator[Schema]:
        return iter(self._schemas)

    def find(self, name: str, version: int | None = None) -> Schema:
        """Give a schema by its version, or the latest one. Raises NotFound."""
        named = [schema for schema in self._schemas if schema.name == name]
        if version is None and named:
            return named[-1]
        for schema in named:
            if schema.version == version:
                return schema
        known = ", ".join(f"`{schema.label}`" for schema in self._schemas)
        raise NotFound(f"There is no such schema; built in are {known}.")

    def has(self, name: str) -> bool:
        """Say whether a name is taken by a built-in schema."""
        return any(schema.name == name for schema in self._schemas)

    def text_at(self, uri: str) -> bytes | None:
        """Give the text of the schema that a URI means."""
        for schema in self._schemas:
            if uri in (schema.id, canonical(schema.label)):
                return schema.text
        return None


def built_in_schemas() -> Schemas:
    """Give the schemas that come with the service."""
    return Schemas([Schema("backend", 1, Artifact, SCHEMA_ID, _examples)])


def _examples(artifact: Artifact) -> list[dict[str, Any]]:
    return [api.payload_examples for api in artifact.apis.internal]
