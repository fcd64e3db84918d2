"""The schemas that instances are checked against, by name and version."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from quaestor_shared.contracts.artifact import SCHEMA_ID, Artifact
from quaestor_shared.contracts.schemas import SchemaView
from quaestor_shared.errors import NotFound
from quaestor_shared.schema import json_schema
from quaestor_shared.service.fault_search import faults_in
from quaestor_shared.service.faults import Fault
from quaestor_shared.service.schema_tree import SchemaTree
from quaestor_validator.domain.schema_index import canonical

__all__ = ["Schema", "Schemas", "built_in_schemas"]


class Schema:
    """A named, versioned schema; compiled when it is first used, because that costs memory.

    `contract` is the Struct that an instance of the schema decodes into.
    """

    def __init__(self, name: str, version: int, contract: Any, schema_id: str) -> None:  # noqa: ANN401 - any type form
        self.name = name
        self.version = version
        self.id = schema_id
        self.contract = contract

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
    return Schemas([Schema("backend", 1, Artifact, SCHEMA_ID)])
