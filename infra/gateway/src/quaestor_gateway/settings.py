"""What can be set about the gateway, each with its unit."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.service.settings import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Settings of the gateway, from variables that start with `QUAESTOR_GATEWAY_`."""

    PREFIX = "QUAESTOR_GATEWAY_"

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
