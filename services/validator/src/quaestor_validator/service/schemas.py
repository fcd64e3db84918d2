"""The schemas that documents can be checked against."""

from quaestor_shared.contracts.validation import SchemaView
from quaestor_validator.schemas import Schemas

__all__ = ["SchemaService"]


class SchemaService:
    """Lists and reads schemas."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def list(self) -> tuple[SchemaView, ...]:
        """List the schemas, without their documents."""
        return tuple(schema.view(whole=False) for schema in self._schemas)

    def read(self, name: str, version: str) -> SchemaView:
        """Give one schema with its document. Raises NotFound."""
        return self._schemas.find(name, version).view(whole=True)
