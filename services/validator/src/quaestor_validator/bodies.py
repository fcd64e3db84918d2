"""Bodies that are handed on as bytes: what is to be checked, and schemas."""

from typing import Any, ClassVar

from litestar.openapi.spec import OpenAPIType, Schema
from litestar.typing import FieldDefinition

from quaestor_shared.contracts.batches import BatchRequest
from quaestor_shared.contracts.compatibility import CompatibilityRequest
from quaestor_shared.contracts.diffs import DiffRequest
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.service.bodies import Headers, StrictBody, check_json_media

__all__ = [
    "BatchBody",
    "CompatibilityBody",
    "DiffBody",
    "RequestOrDocument",
    "SchemaDocument",
]


class RequestOrDocument(StrictBody[bytes]):
    """Hands the handler the bytes, so that a large body can be read off the event loop."""

    @classmethod
    def read(cls, headers: Headers, body: bytes) -> bytes:
        """Check the content type alone. Raises UnsupportedMedia."""
        check_json_media(headers)
        return body

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,  # noqa: ARG003 - Litestar's signature
        handler_id: str,  # noqa: ARG003
        schema_creator: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Document both forms."""
        request = schema_creator.for_field_definition(
            FieldDefinition.from_annotation(ValidateRequest)
        )
        document = Schema(
            title="Document", description="With `?schema=`: the document itself, any JSON value."
        )
        return Schema(any_of=[request, document])


class SchemaDocument(RequestOrDocument):
    """Hands the handler a schema as it was sent: its bytes are what is registered."""

    @classmethod
    def read(cls, headers: Headers, body: bytes) -> bytes:
        """Check the content type alone. Raises UnsupportedMedia."""
        check_json_media(headers, also="application/schema+json")
        return body

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,  # noqa: ARG003 - Litestar's signature
        handler_id: str,  # noqa: ARG003
        schema_creator: Any,  # noqa: ANN401, ARG003
    ) -> Any:  # noqa: ANN401
        """Document a schema: an object or a boolean."""
        types = [OpenAPIType.OBJECT, OpenAPIType.BOOLEAN]
        return Schema(title="Schema", description="A JSON Schema document.", type=types)


class _RequestBytes(RequestOrDocument):
    """Hands the handler the bytes of a request of one form."""

    contract: ClassVar[type]

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,  # noqa: ARG003 - Litestar's signature
        handler_id: str,  # noqa: ARG003
        schema_creator: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Document the form."""
        return schema_creator.for_field_definition(FieldDefinition.from_annotation(cls.contract))


class DiffBody(_RequestBytes):
    """Two artifacts to compare."""

    contract = DiffRequest


class BatchBody(_RequestBytes):
    """Many documents to check."""

    contract = BatchRequest


class CompatibilityBody(_RequestBytes):
    """Two schemas to compare."""

    contract = CompatibilityRequest
