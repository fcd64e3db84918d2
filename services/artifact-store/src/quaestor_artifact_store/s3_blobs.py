"""Contents in an S3-compatible bucket, through boto3 on threads of its own."""

import asyncio
import base64
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec

from quaestor_artifact_store.blobs import checked
from quaestor_shared.errors import NotFound, Unavailable
from quaestor_shared.telemetry.logging import get_logger

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

__all__ = ["S3Blobs", "S3Options"]

_log = get_logger(__name__)
_ABSENT = {"NoSuchKey", "404", "NotFound"}


class S3Options(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bucket is and how to prove oneself; empty credentials mean boto3's own search."""

    bucket: str
    endpoint_url: str = ""
    region: str = "us-east-1"
    access_key_id: str = ""
    secret_access_key: str = ""
    prefix: str = ""
    path_style: bool = True

    def __repr__(self) -> str:
        return f"S3Options(bucket={self.bucket!r}, endpoint_url={self.endpoint_url!r}, ...)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("bucket", self.bucket)]


class S3Blobs:
    """A BlobStore in a bucket. boto3 is imported with the first call: it takes half a second."""

    def __init__(self, options: S3Options, *, threads: int = 16) -> None:
        self._options = options
        self._size = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="s3")
        self._made: S3Client | None = None
        self._making = threading.Lock()

    async def put(self, digest: str, content: bytes) -> None:
        """Keep a content; the server checks its SHA-256 on arrival."""
        await self._run(self._put, digest, content)

    async def get(self, digest: str) -> bytes:
        """Give a content, its digest checked."""
        content: bytes = await self._run(self._get, digest)
        return checked(digest, content)

    async def check(self) -> None:
        """Raise Unavailable when the bucket does not answer."""
        await self._run(self._head)

    async def close(self) -> None:
        """End the threads and the connections."""
        self._threads.shutdown()
        if self._made is not None:
            self._made.close()

    async def _run(self, function: Any, *arguments: Any) -> Any:  # noqa: ANN401 - passed through
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._call, function, *arguments)

    def _call(self, function: Any, *arguments: Any) -> Any:  # noqa: ANN401 - passed through
        """Run a call, and say what its failure means. In a thread, for boto3 is slow to import."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return function(*arguments)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _ABSENT and function == self._get:
                raise NotFound("There is no content with this digest.") from error
            _log.error("bucket refused", code=code, bucket=self._options.bucket)
            raise Unavailable("The blob store refused; nothing was stored.") from error
        except BotoCoreError as error:
            _log.error("bucket unreachable", bucket=self._options.bucket, exc_info=error)
            raise Unavailable("The blob store does not answer; nothing was stored.") from error

    def _client(self) -> "S3Client":
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> "S3Client":
        import boto3
        from botocore.config import Config

        options = self._options
        config = Config(
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            max_pool_connections=self._size,
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            s3={"addressing_style": "path" if options.path_style else "virtual"},
        )
        return boto3.session.Session().client(
            "s3",
            endpoint_url=options.endpoint_url or None,
            region_name=options.region,
            aws_access_key_id=options.access_key_id or None,
            aws_secret_access_key=options.secret_access_key or None,
            config=config,
        )

    def _key(self, digest: str) -> str:
        digits = digest.removeprefix("sha256:")
        return f"{self._options.prefix}{digits[:2]}/{digits[2:4]}/{digits}"

    def _put(self, digest: str, content: bytes) -> None:
        checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
        self._client().put_object(
            Bucket=self._options.bucket,
            Key=self._key(digest),
            Body=content,
            ChecksumSHA256=checksum,
        )

    def _get(self, digest: str) -> bytes:
        reply = self._client().get_object(Bucket=self._options.bucket, Key=self._key(digest))
        with reply["Body"] as body:
            return body.read()

    def _head(self) -> None:
        self._client().head_bucket(Bucket=self._options.bucket)
