"""The calls on a bucket; they block."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from quaestor_artifact_store.blobs import KeptBlob
from quaestor_artifact_store.s3_blobs.client import Client
from quaestor_artifact_store.s3_blobs.options import S3Options

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, MultipartUploadTypeDef

__all__ = ["Bucket", "Parts"]


class Bucket:
    """Contents under `<prefix>ab/cd/abcd...`. Raises what botocore raises."""

    def __init__(self, client: Client, options: S3Options) -> None:
        self._client = client
        self._options = options
        self._name = options.bucket

    def put(self, digest: str, content: bytes) -> None:
        """Put a content, with the SHA-256 that the service is to check on arrival."""
        checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
        self._client.ours().put_object(
            Bucket=self._name, Key=self.key(digest), Body=content, ChecksumSHA256=checksum
        )

    def begin(self, digest: str) -> "Parts":
        """Begin a content that comes in parts."""
        return Parts(self._client, self._name, self.key(digest))

    def get(self, digest: str) -> bytes:
        """Read a content."""
        reply = self._client.ours().get_object(Bucket=self._name, Key=self.key(digest))
        with reply["Body"] as body:
            return body.read()

    def get_range(self, digest: str, start: int, end: int) -> bytes:
        """Read a part of a content; nothing of what lies behind its end."""
        from botocore.exceptions import ClientError

        try:
            reply = self._client.ours().get_object(
                Bucket=self._name, Key=self.key(digest), Range=f"bytes={start}-{end - 1}"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidRange":
                return b""
            raise
        with reply["Body"] as body:
            return body.read()

    def size(self, digest: str) -> int:
        """Tell a content's size."""
        key = self.key(digest)
        return self._client.ours().head_object(Bucket=self._name, Key=key)["ContentLength"]

    def put_at(self, digest: str) -> datetime:
        """Tell when a content was put."""
        key = self.key(digest)
        return self._client.ours().head_object(Bucket=self._name, Key=key)["LastModified"]

    def delete(self, digest: str) -> None:
        """Remove a content."""
        self._client.ours().delete_object(Bucket=self._name, Key=self.key(digest))

    def page(self, after: str, limit: int) -> list[KeptBlob]:
        """List contents: the order of the keys is that of the digests."""
        listed: list[KeptBlob] = []
        start = self.key(after) if after else self._options.prefix
        while len(listed) < limit:
            reply = self._client.ours().list_objects_v2(
                Bucket=self._name,
                Prefix=self._options.prefix,
                StartAfter=start,
                MaxKeys=min(limit - len(listed), 1000),
            )
            for found in reply.get("Contents", ()):
                digits = found["Key"].rpartition("/")[2]
                if found["Key"] == self.key(f"sha256:{digits}"):  # others may share the prefix
                    digest = f"sha256:{digits}"
                    listed.append(KeptBlob(digest, found["Size"], found["LastModified"]))
                start = found["Key"]
            if not reply["IsTruncated"]:
                break
        return listed

    def url(self, digest: str, headers: Mapping[str, str], seconds: int) -> str:
        """Sign an address. Nothing is sent."""
        asked = {
            "Bucket": self._name,
            "Key": self.key(digest),
            "ResponseContentType": headers.get("Content-Type", "application/octet-stream"),
            "ResponseContentDisposition": headers.get("Content-Disposition", "inline"),
        }
        return self._client.public().generate_presigned_url(
            "get_object", Params=asked, ExpiresIn=seconds
        )

    def discard_unfinished(self, before: datetime) -> int:
        """Abort uploads in parts that were begun before then."""
        old = [found for found in self._unfinished() if found["Initiated"] < before]
        for found in old:
            with _gone_is_well():  # it was joined, or aborted, since it was listed
                self._client.ours().abort_multipart_upload(
                    Bucket=self._name, Key=found["Key"], UploadId=found["UploadId"]
                )
        return len(old)

    def _unfinished(self) -> "Iterator[MultipartUploadTypeDef]":
        pages = self._client.ours().get_paginator("list_multipart_uploads")
        with _gone_is_well():  # rclone says so of a bucket that never had an upload in parts
            for page in pages.paginate(Bucket=self._name, Prefix=self._options.prefix):
                yield from page.get("Uploads", ())

    def head(self) -> None:
        """Ask whether the bucket is there."""
        self._client.ours().head_bucket(Bucket=self._name)

    def key(self, digest: str) -> str:
        """Give a content's key."""
        digits = digest.removeprefix("sha256:")
        return f"{self._options.prefix}{digits[:2]}/{digits[2:4]}/{digits}"


class Parts:
    """An upload in parts; the object is there once all are joined."""

    def __init__(self, client: Client, bucket: str, key: str) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._id = client.ours().create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
        self._sent: list[CompletedPartTypeDef] = []

    def write(self, piece: bytes) -> None:
        """Send the next part."""
        number = len(self._sent) + 1
        reply = self._client.ours().upload_part(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._id,
            PartNumber=number,
            Body=piece,
        )
        self._sent.append({"PartNumber": number, "ETag": reply["ETag"]})

    def keep(self) -> None:
        """Join the parts."""
        self._client.ours().complete_multipart_upload(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._id,
            MultipartUpload={"Parts": self._sent},
        )

    def abandon(self) -> None:
        """Have the service drop the parts."""
        self._client.ours().abort_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self._id
        )


@contextmanager
def _gone_is_well() -> Iterator[None]:
    """Take it for an answer that there is no such upload."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchUpload":
            raise
