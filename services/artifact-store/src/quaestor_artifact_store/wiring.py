"""Which adapters the settings ask for: of the database, and of the contents."""

from pathlib import Path

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Database
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.s3_blobs import S3Blobs, S3Options
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.sqlite.database import SqliteDatabase
from quaestor_shared.clock import Clock

__all__ = ["blobs_of", "check", "database_of", "sqlite_file"]


def sqlite_file(settings: Settings) -> Path:
    """Give the place of the database where that is SQLite."""
    return Path(settings.data_dir) / "store.db"


def database_of(settings: Settings, clock: Clock, *, patience_s: float = 10.0) -> Database:
    """Open the database, and migrate it. Raises Unavailable.

    A SQLite file is waited for, for so long, while another process has it.
    """
    if not settings.database_url:
        return SqliteDatabase(
            sqlite_file(settings), clock, readers=settings.readers, patience_s=patience_s
        )
    from quaestor_artifact_store.postgresql.database import PostgresDatabase

    return PostgresDatabase(settings.database_url, clock, readers=settings.readers)


def blobs_of(settings: Settings) -> BlobStore:
    """Open the store of contents. Raises SystemExit as `check` does."""
    if settings.blob_backend == "fs":
        return FileBlobs(Path(settings.data_dir) / "blobs", threads=settings.blob_threads)
    return S3Blobs(_s3_options(settings), threads=settings.blob_threads)


def check(settings: Settings) -> None:
    """Raise SystemExit, naming them, for settings that no store can be opened with."""
    if settings.blob_backend == "s3":
        _s3_options(settings)


def _s3_options(settings: Settings) -> S3Options:
    try:
        return S3Options(
            bucket=settings.s3_bucket,
            endpoint_url=settings.s3_endpoint_url,
            public_endpoint_url=settings.s3_public_endpoint_url,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=settings.s3_secret_access_key,
            prefix=settings.s3_prefix,
            path_style=settings.s3_path_style,
            multipart_bytes=settings.s3_multipart_bytes,
        )
    except ValueError as error:
        raise SystemExit(f"{Settings.PREFIX}S3_...: {error}.") from error
