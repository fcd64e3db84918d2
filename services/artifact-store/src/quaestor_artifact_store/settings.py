"""What can be set about artifact-store, each with its unit."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from quaestor_shared.service.settings import ServiceSettings

__all__ = ["Settings"]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Settings of artifact-store, from variables that start with `QUAESTOR_ARTIFACT_STORE_`."""

    PREFIX = "QUAESTOR_ARTIFACT_STORE_"

    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on.")] = 8003
    data_dir: Annotated[str, Meta(description="Folder of the database and the blobs.")] = (
        "var/artifact-store"
    )
    database_url: Annotated[
        str,
        Meta(
            description="PostgreSQL's address, `postgresql://user:password@host/name`; empty means"
            " SQLite in the folder."
        ),
    ] = ""
    blob_backend: Annotated[
        Literal["fs", "s3"], Meta(description="Where contents are kept: fs or s3.")
    ] = "fs"
    s3_bucket: Annotated[str, Meta(description="Bucket of the contents.")] = ""
    s3_endpoint_url: Annotated[
        str, Meta(description="Address of the S3 service; empty means AWS.")
    ] = ""
    s3_public_endpoint_url: Annotated[
        str,
        Meta(description="Where clients reach the S3 service, if elsewhere; for download URLs."),
    ] = ""
    s3_region: Annotated[str, Meta(description="Region of the bucket.")] = "us-east-1"
    s3_access_key_id: Annotated[
        str, Meta(description="Access key; empty means that boto3 looks for credentials.")
    ] = ""
    s3_secret_access_key: Annotated[
        str, Meta(description="Secret key; empty means that boto3 looks for credentials.")
    ] = ""
    s3_prefix: Annotated[str, Meta(description="What every key of ours starts with.")] = ""
    s3_path_style: Annotated[
        bool, Meta(description="Bucket in the path (true) or in the host name (false).")
    ] = True
    s3_multipart_bytes: Annotated[
        int,
        Meta(ge=5_242_880, description="Size of a part, in bytes; larger contents go up in parts."),
    ] = 8_388_608
    s3_url_seconds: Annotated[
        int, Meta(ge=1, le=604_800, description="How long a download URL is good, in seconds.")
    ] = 300
    blob_threads: Annotated[
        int, Meta(ge=1, le=1000, description="Threads that write and read contents.")
    ] = 32
    recent_content_bytes: Annotated[
        int,
        Meta(
            ge=0,
            description="Small contents that were read lately, kept in memory, in bytes; 0: none.",
        ),
    ] = 33_554_432
    max_body_bytes: Annotated[
        int, Meta(ge=1024, description="Largest request body, in bytes; a larger one is 413.")
    ] = 16_777_216
    max_blob_bytes: Annotated[
        int, Meta(ge=1024, description="Largest content that may be uploaded, in bytes.")
    ] = 1_073_741_824
    max_archive_bytes: Annotated[
        int, Meta(ge=1024, description="Largest archive that is imported, in bytes.")
    ] = 1_073_741_824
    readers: Annotated[
        int,
        Meta(
            ge=1, description="Threads that read the database, on PostgreSQL each on a connection."
        ),
    ] = 4
    events_keep_alive_s: Annotated[
        float,
        Meta(gt=0, description="Seconds of silence after which a stream sends an empty line."),
    ] = 15.0
    events_poll_s: Annotated[
        float,
        Meta(gt=0, description="Seconds between two looks for events of other processes."),
    ] = 1.0
    events_streams: Annotated[
        int, Meta(ge=0, description="Streams of events at once, in number; one more is 503.")
    ] = 50
    webhook_timeout_s: Annotated[
        float, Meta(gt=0, description="Longest wait for a webhook's receiver, in seconds.")
    ] = 10.0
    webhook_attempts: Annotated[
        int, Meta(ge=1, description="Attempts in number, after which a delivery is given up.")
    ] = 10
    webhook_backoff_s: Annotated[
        float,
        Meta(gt=0, description="Seconds before the second attempt; each later wait is 4 times it."),
    ] = 5.0
    webhook_private_addresses: Annotated[
        bool, Meta(description="Whether webhooks may be at addresses that are not public.")
    ] = False
    webhook_history_days: Annotated[
        int, Meta(ge=1, description="Days after which ended deliveries are removed.")
    ] = 30
    housekeeping_interval_s: Annotated[
        float, Meta(gt=0, description="Seconds between two removals of rows that have expired.")
    ] = 60.0

    def __repr__(self) -> str:
        return f"Settings(data_dir={self.data_dir!r}, blob_backend={self.blob_backend!r}, ...)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("data_dir", self.data_dir)]
