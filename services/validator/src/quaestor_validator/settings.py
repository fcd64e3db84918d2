"""What can be set about validator, each with its unit."""

import os
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from quaestor_shared.service.settings import read_settings
from quaestor_shared.telemetry.logging import LogFormat

__all__ = ["PREFIX", "Settings"]

PREFIX = "QUAESTOR_VALIDATOR_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of validator, from variables that start with `QUAESTOR_VALIDATOR_`."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 8002
    max_body_bytes: Annotated[
        int, Meta(ge=1024, description="Largest request body, in bytes; a larger one is 413.")
    ] = 8_388_608
    log_level: Annotated[str, Meta(description="debug, info, warning or error.")] = "info"
    log_format: Annotated[
        LogFormat, Meta(description="json, console, or auto: JSON unless on a terminal.")
    ] = "auto"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Raises SystemExit naming a variable that cannot be read."""
        return read_settings(cls, environ, PREFIX)
