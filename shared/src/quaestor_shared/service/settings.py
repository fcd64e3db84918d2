"""Settings from the environment, read once into a frozen Struct.

A field `max_body_bytes` of a service with the prefix `QUAESTOR_VALIDATOR_` is the variable
`QUAESTOR_VALIDATOR_MAX_BODY_BYTES`. Names carry their unit.
"""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

__all__ = ["read_settings"]

T = TypeVar("T", bound=msgspec.Struct)


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
