"""Where contents are, as one writes it in a command: `fs:<folder>`, `s3://<bucket>/<prefix>`."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.s3_blobs import S3Blobs, S3Options
from quaestor_artifact_store.settings import Settings

__all__ = ["blobs_at"]

_BOOLEAN = {"true": True, "false": False}
_NAMES = {"endpoint", "region", "path_style", "profile"}


def blobs_at(location: str, settings: Settings, *, existing: bool) -> BlobStore:
    """Open the store of contents at a location. Raises ValueError with a sentence.

    A folder that is to be `existing` is not made.

    A bucket may have `?endpoint=`, `region=`, `path_style=true|false` and `profile=`, a profile of
    the AWS configuration. Without one the credentials are those of the settings. They do not stand
    in a location, for other users of a machine can read its commands.
    """
    if location.startswith("fs:"):
        folder = location.removeprefix("fs:").removeprefix("//")
        if not folder:
            raise ValueError("fs: takes a folder, such as fs:/var/lib/quaestor/blobs")
        if existing and not Path(folder).is_dir():
            raise ValueError(f"there is no folder {folder}")
        return FileBlobs(Path(folder), threads=settings.blob_threads)
    if location.startswith("s3://"):
        return S3Blobs(_options(location, settings), threads=settings.blob_threads)
    raise ValueError(f"{location!r} is neither fs:<folder> nor s3://<bucket>/<prefix>")


def _options(location: str, settings: Settings) -> S3Options:
    parts = urlsplit(location)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := given.keys() - _NAMES:
        known = ", ".join(sorted(_NAMES))
        raise ValueError(f"a bucket has no {', '.join(sorted(unknown))}; it has {known}")
    if "@" in parts.netloc:
        raise ValueError("credentials come from the settings, or from a profile, not in a location")
    path_style = given.get("path_style", str(settings.s3_path_style).lower())
    if path_style not in _BOOLEAN:
        raise ValueError("path_style is true or false")
    profile = given.get("profile", "")
    return S3Options(
        bucket=parts.netloc,
        prefix=parts.path.removeprefix("/"),
        endpoint_url=given.get("endpoint", ""),
        region=given.get("region", settings.s3_region),
        path_style=_BOOLEAN[path_style],
        profile=profile,
        access_key_id="" if profile else settings.s3_access_key_id,
        secret_access_key="" if profile else settings.s3_secret_access_key,
        multipart_bytes=settings.s3_multipart_bytes,
    )
