"""Settings from the environment, read once into a frozen Struct.

A field `max_body_bytes` of a service with the prefix `QUAESTOR_VALIDATOR_` is the variable
`QUAESTOR_VALIDATOR_MAX_BODY_BYTES`. Names carry their unit.
"""

import os
from collections.abc import Mapping
from typing import Annotated, ClassVar, Self, TypeVar

import msgspec
from msgspec import Meta

from quaestor_shared.telemetry.logging import LogFormat

__all__ = ["ServiceSettings", "read_settings"]

T = TypeVar("T", bound=msgspec.Struct)


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set about every service; a subclass has a `PREFIX`, and a port of its own."""

    PREFIX: ClassVar[str]

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 0
    log_level: Annotated[str, Meta(description="debug, info, warning or error.")] = "info"
    log_format: Annotated[
        LogFormat, Meta(description="json, console, or auto: JSON unless on a terminal.")
    ] = "auto"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings. Raises SystemExit naming a variable that cannot be read."""
        return read_settings(cls, environ, cls.PREFIX)


def read_settings(kind: type[T], environ: Mapping[str, str], prefix: str) -> T:
    """Read a settings Struct.

    Raises SystemExit naming the variable that cannot be read: a service does not start on a
    guess.
    """
    given = {
        field.name: environ[prefix + field.name.upper()]
        for field in msgspec.structs.fields(kind)
        if prefix + field.name.upper() in environ
    }
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise SystemExit(f"{prefix}{place.rstrip('`').upper()}: {message}") from error
