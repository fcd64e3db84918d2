"""The client of boto3, made with the first call: importing it takes half a second."""

import threading
from typing import TYPE_CHECKING

from quaestor_artifact_store.s3_blobs.options import S3Options

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

__all__ = ["Client"]


class Client:
    """Clients for one bucket: one for us, one that signs addresses for others."""

    def __init__(self, options: S3Options, *, connections: int) -> None:
        self._options = options
        self._connections = connections
        self._made: dict[str, S3Client] = {}
        self._making = threading.Lock()

    def ours(self) -> "S3Client":
        """Give the client that makes our requests."""
        return self._at(self._options.endpoint_url)

    def public(self) -> "S3Client":
        """Give the client that signs for the address under which others reach the service."""
        return self._at(self._options.public_endpoint_url or self._options.endpoint_url)

    def close(self) -> None:
        """Close the connections."""
        for client in self._made.values():
            client.close()

    def _at(self, endpoint_url: str) -> "S3Client":
        with self._making:
            if endpoint_url not in self._made:
                self._made[endpoint_url] = self._make(endpoint_url)
            return self._made[endpoint_url]

    def _make(self, endpoint_url: str) -> "S3Client":
        import boto3
        from botocore.config import Config

        options = self._options
        config = Config(
            signature_version="s3v4",
            # Not every service takes the checksums that boto3 adds of its own accord.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            max_pool_connections=self._connections,
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            s3={
                "addressing_style": "path" if options.path_style else "virtual",
                # The SHA-256 of each body is part of its signature, over TLS too.
                "payload_signing_enabled": True,
            },
        )
        return boto3.session.Session(profile_name=options.profile or None).client(
            "s3",
            endpoint_url=endpoint_url or None,
            region_name=options.region,
            aws_access_key_id=options.access_key_id or None,
            aws_secret_access_key=options.secret_access_key or None,
            config=config,
        )
