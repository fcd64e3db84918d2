"""Contents in an S3-compatible bucket: `store` is the BlobStore, `bucket` its calls."""

from quaestor_artifact_store.s3_blobs.options import S3Options
from quaestor_artifact_store.s3_blobs.store import S3Blobs

__all__ = ["S3Blobs", "S3Options"]
