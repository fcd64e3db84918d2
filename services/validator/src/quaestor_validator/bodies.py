"""The body of a validation: a ValidateRequest, or the raw document with `?schema=`."""

from typing import Any, ClassVar

from litestar.openapi.spec import Schema
from litestar.typing import FieldDefinition

from quaestor_shared.contracts.diffs import DiffRequest
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.service.bodies import StrictBody, check_json_media

__all__ = ["DiffBody", "RequestOrDocument"]


class RequestOrDocument(StrictBody[bytes]):
    """Hands the handler the bytes, so that a large body can be read off the event loop."""

    def decode_bytes(self, value: bytes) -> bytes:
        """Check the content type alone. Raises UnsupportedMedia."""
        check_json_media(self.asgi_connection)
        return value

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
