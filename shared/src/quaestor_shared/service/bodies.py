"""Strict request bodies for Litestar handlers.

Litestar decodes a body untyped and converts it leniently ("1" becomes 1), whatever its content
type. A handler with `dto=StrictBody[TurnRequest]` gets its `data` from the raw bytes instead.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec
from litestar.dto import AbstractDTO
from litestar.typing import FieldDefinition

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import UnsupportedMedia
from quaestor_shared.service import strict_json

__all__ = ["Headers", "StrictBody", "check_identity", "check_json_media"]

Headers = Iterable[tuple[bytes, bytes]]  # names in lower case
T = TypeVar("T")


@lru_cache(maxsize=256)
def _decoder(contract: Any) -> "msgspec.json.Decoder[Any]":  # noqa: ANN401 - any type form
    return msgspec.json.Decoder(contract)


class StrictBody(AbstractDTO[T], Generic[T]):
    """Reads `data` with `strict_json`; raises BadRequest with every fault."""

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401 - Litestar's signature
        """Read the body into the Struct that the handler declares."""
        return self.read(self.asgi_connection.scope["headers"], value)

    @classmethod
    def read(cls, headers: Headers, body: bytes) -> Any:  # noqa: ANN401 - what a handler takes
        """Read the body of a request with these headers."""
        check_json_media(headers)
        return strict_json.decode(body, _decoder(cast("Any", cls.model_type)))

    @classmethod
    def create_for_field_definition(cls, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        """Do without Litestar's transfer models: the Struct is decoded as it is."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003 - Litestar's signature
        schema_creator: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Document the Struct itself."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:  # noqa: ANN401, ARG003
        """Give none: no transfer model is made."""
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:  # noqa: ARG003
        """Find none: no transfer model is made."""
        return False


def check_json_media(headers: Headers, *, also: str = "application/json") -> None:
    """Refuse a body that calls itself neither plain JSON nor `also`. Raises UnsupportedMedia."""
    fault = _media_fault(_first(headers, b"content-type") or b"", also)
    if fault is not None:
        raise UnsupportedMedia(
            fault, details=[ErrorDetail(field="Content-Type", message="is not one taken here")]
        )
    check_identity(headers)


def check_identity(headers: Headers) -> None:
    """Refuse a compressed body. Raises UnsupportedMedia."""
    encoding = _first(headers, b"content-encoding")
    if encoding is not None and encoding.lower() != b"identity":
        raise UnsupportedMedia(
            "A compressed body is not taken here; send it without Content-Encoding.",
            details=[ErrorDetail(field="Content-Encoding", message="leave it out")],
            headers={"Accept-Encoding": "identity"},
        )


@lru_cache(maxsize=64)
def _media_fault(header: bytes, also: str) -> str | None:
    content_type = header.decode("latin-1")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in ("application/json", also):
        given = f"not {media_type[:60]!r}" if media_type else "and none was given"
        return f"The content type must be application/json, {given}."
    charset = content_type.lower().partition("charset=")[2].strip('" ')
    if charset not in ("", "utf-8", "utf8"):
        return "JSON is UTF-8 (RFC 8259); leave the charset out."
    return None


def _first(headers: Headers, name: bytes) -> bytes | None:
    for key, value in headers:
        if key == name:
            return value
    return None
