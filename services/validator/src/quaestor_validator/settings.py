"""What can be set about validator, each with its unit."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.service.settings import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Settings of validator, from variables that start with `QUAESTOR_VALIDATOR_`."""

    PREFIX = "QUAESTOR_VALIDATOR_"

    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 8002
    max_body_bytes: Annotated[
        int, Meta(ge=1024, description="Largest request body, in bytes; a larger one is 413.")
    ] = 8_388_608
    artifact_store_url: Annotated[
        str,
        Meta(
            description="Where artifact-store answers, without a path; it keeps users' schemas. "
            "Empty: none can be registered."
        ),
    ] = ""
    upstream_timeout_s: Annotated[
        float, Meta(gt=0, description="Longest wait for another service, in seconds.")
    ] = 30.0
    max_narrative_characters: Annotated[
        int, Meta(ge=1024, description="Longest document that is compared, in characters.")
    ] = 1_048_576
    max_schema_bytes: Annotated[
        int, Meta(ge=1024, description="Largest schema that is registered, in bytes.")
    ] = 1_048_576
    cached_schema_bytes: Annotated[
        int, Meta(ge=0, description="Users' schemas kept in memory, in bytes of their text.")
    ] = 33_554_432
    workers: Annotated[
        int,
        Meta(ge=1, le=64, description="Processes that check by users' schemas, in number."),
    ] = 2
    worker_queue: Annotated[
        int,
        Meta(ge=0, description="Requests that may wait for a worker, in number; then 503."),
    ] = 64
    worker_time_limit_s: Annotated[
        float,
        Meta(gt=0, description="Longest check by a user's schema, in seconds; then it is ended."),
    ] = 5.0
    worker_memory_bytes: Annotated[
        int,
        Meta(ge=67_108_864, description="Most memory of a worker, in bytes; then it is ended."),
    ] = 536_870_912
    max_batch_items: Annotated[
        int, Meta(ge=1, description="Most documents in one batch, in number.")
    ] = 1_000
    batch_time_limit_s: Annotated[
        float,
        Meta(gt=0, description="Longest work on one batch, in seconds; the rest is unanswered."),
    ] = 30.0
    max_line_bytes: Annotated[
        int, Meta(ge=1024, description="Longest line of a stream, in bytes.")
    ] = 1_048_576
