"""What every command of `quaestor store` has: which store, and how a failure is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click
import msgspec
from rich.console import Console

from quaestor_artifact_store.settings import Settings
from quaestor_cli import exit_codes, show
from quaestor_shared.errors import QuaestorError
from quaestor_shared.telemetry.logging import configure_logging

__all__ = ["failures_told", "of_a_store", "read_settings"]

T = TypeVar("T")
_DATA_DIR = f"Folder of the database and the contents; else {Settings.PREFIX}DATA_DIR."
_DATABASE_URL = (
    f"PostgreSQL's address; else {Settings.PREFIX}DATABASE_URL, which is safer for a password:"
    " other users of a machine can read its commands."
)


def of_a_store(command: Callable[..., T]) -> Callable[..., T]:
    """Give a command the options that name a store, and call it with that store's settings."""

    @click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help=_DATA_DIR)
    @click.option("--database-url", metavar="URL", help=_DATABASE_URL)
    @wraps(command)
    def with_settings(*, data_dir: Path | None, database_url: str | None, **options: object) -> T:
        settings = read_settings()
        if data_dir is not None:
            settings = msgspec.structs.replace(settings, data_dir=str(data_dir))
        if database_url is not None:
            settings = msgspec.structs.replace(settings, database_url=database_url)
        with failures_told():
            return command(settings, **options)

    return with_settings


def read_settings() -> Settings:
    """Read the settings of the store, and log as they say, to standard error.

    Raises UsageError naming one that cannot be read.
    """
    try:
        settings = Settings.from_env()
    except SystemExit as error:
        raise click.UsageError(str(error)) from error
    configure_logging("quaestor", level=settings.log_level, log_format=settings.log_format)
    return settings


@contextmanager
def failures_told() -> Iterator[None]:
    """Tell of a failure in the form that every command uses, and exit with its status."""
    try:
        yield
    except QuaestorError as failure:
        show.error(Console(stderr=True), failure)
        raise SystemExit(exit_codes.of(failure)) from failure
