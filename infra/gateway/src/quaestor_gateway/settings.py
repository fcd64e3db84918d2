"""What can be set about the gateway, each with its unit."""

import os
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from quaestor_shared.service.settings import read_settings
from quaestor_shared.telemetry.logging import LogFormat

__all__ = ["PREFIX", "Settings"]

PREFIX = "QUAESTOR_GATEWAY_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of the gateway, from variables that start with `QUAESTOR_GATEWAY_`."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 8000
    data_dir: Annotated[str, Meta(description="Folder of the key file.")] = "var/gateway"
    key_hashes: Annotated[
        str, Meta(description="Further API keys, as <id>:<SHA-256> parted by commas.")
    ] = ""
    design_api_url: Annotated[str, Meta(description="Where design-api answers.")] = (
        "http://127.0.0.1:8001"
    )
    validator_url: Annotated[str, Meta(description="Where validator answers.")] = (
        "http://127.0.0.1:8002"
    )
    artifact_store_url: Annotated[str, Meta(description="Where artifact-store answers.")] = (
        "http://127.0.0.1:8003"
    )
    max_body_bytes: Annotated[
        int, Meta(ge=1024, description="Largest request body, in bytes; a larger one is 413.")
    ] = 8_388_608
    max_blob_bytes: Annotated[
        int, Meta(ge=1024, description="Largest content, archive or stream of lines, in bytes.")
    ] = 1_073_741_824
    upstream_timeout_s: Annotated[
        float, Meta(gt=0, description="Longest silence of a service, in seconds; then 503.")
    ] = 60.0
    upstream_connections: Annotated[
        int, Meta(ge=1, description="Connections kept to each service, in number.")
    ] = 100
    log_level: Annotated[str, Meta(description="debug, info, warning or error.")] = "info"
    log_format: Annotated[
        LogFormat, Meta(description="json, console, or auto: JSON unless on a terminal.")
    ] = "auto"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Raises SystemExit naming a variable that cannot be read."""
        return read_settings(cls, environ, PREFIX)
