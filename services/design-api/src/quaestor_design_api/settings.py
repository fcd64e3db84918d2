"""What can be set about design-api, each with its unit."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.service.settings import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Settings of design-api, from variables that start with `QUAESTOR_DESIGN_API_`."""

    PREFIX = "QUAESTOR_DESIGN_API_"

    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 8001
    artifact_store_url: Annotated[
        str, Meta(description="Where artifact-store answers, without a path.")
    ] = "http://127.0.0.1:8003"
    validator_url: Annotated[str, Meta(description="Where validator answers, without a path.")] = (
        "http://127.0.0.1:8002"
    )
    upstream_timeout_s: Annotated[
        float, Meta(gt=0, description="Longest wait for another service, in seconds.")
    ] = 30.0
    max_body_bytes: Annotated[
        int, Meta(ge=1024, description="Largest request body, in bytes; a larger one is 413.")
    ] = 1_048_576
    cached_sessions: Annotated[
        int, Meta(ge=0, description="Sessions whose state is kept in memory, in number.")
    ] = 1_000
