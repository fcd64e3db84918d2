"""Where a bucket is, and how to prove oneself there."""

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

__all__ = ["S3Options"]

# What AWS takes, and with capitals and underscores what others take beside.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
_LEAST_PART = 5 * 1024 * 1024  # bytes: S3 takes no smaller part, but as the last one


class S3Options(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket; empty credentials mean boto3's own search, in a `profile` if one is named.

    An empty endpoint means AWS; `public_endpoint_url` is where clients reach the same service, if
    that differs. Contents above `multipart_bytes` go up in parts of that size. Making one raises
    ValueError with a sentence when something cannot be used.
    """

    bucket: str
    endpoint_url: str = ""
    public_endpoint_url: str = ""
    region: str = "us-east-1"
    access_key_id: str = ""
    secret_access_key: str = ""
    profile: str = ""
    prefix: str = ""
    path_style: bool = True
    multipart_bytes: int = 8 * 1024 * 1024

    def __post_init__(self) -> None:
        """Refuse what no request could be made with."""
        if not self.bucket:
            raise ValueError("name the bucket that contents are to be kept in")
        if not _BUCKET.fullmatch(self.bucket):
            raise ValueError(f"{self.bucket!r} is no name of a bucket")
        for url in (self.endpoint_url, self.public_endpoint_url):
            if url and not _is_endpoint(url):
                raise ValueError(f"{url!r} is no endpoint; one looks like https://s3.example.org")
        if bool(self.access_key_id) != bool(self.secret_access_key):
            raise ValueError("give both the access key and the secret key, or neither")
        if self.multipart_bytes < _LEAST_PART:
            raise ValueError(f"a part has at least {_LEAST_PART} bytes")

    def __repr__(self) -> str:
        return f"S3Options(bucket={self.bucket!r}, endpoint_url={self.endpoint_url!r}, ...)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("bucket", self.bucket)]


def _is_endpoint(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return sound and not (parts.username or parts.query or parts.fragment or " " in url)
