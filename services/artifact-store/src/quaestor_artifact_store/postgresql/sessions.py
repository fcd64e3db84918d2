"""A PostgreSQL database, opened by who is not the service: to look, or alone to change it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from quaestor_artifact_store.postgresql.connections import (
    PostgresConnection,
    address,
    connect,
    place,
)
from quaestor_artifact_store.postgresql.writable import IN_USE
from quaestor_shared.errors import Unavailable

__all__ = ["alone", "committing", "looking"]


@contextmanager
def looking(url: str) -> Iterator[PostgresConnection]:
    """Read on one snapshot, while services go on writing. Raises Unavailable."""
    with _open(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


@contextmanager
def alone(url: str) -> Iterator[PostgresConnection]:
    """Have the database for oneself. Raises Unavailable while a service uses it."""
    with _open(url) as connection:
        row = connection.execute(f"SELECT pg_try_advisory_lock({IN_USE}) AS taken").fetchone()
        if row is None or not row["taken"]:
            raise Unavailable(f"Another process uses {place(address(url))}; end it first.")
        yield connection


@contextmanager
def committing(url: str) -> Iterator[Callable[[], None]]:
    """Give a call that makes the server commit and flush, though it changes no table."""
    with _open(url) as connection:
        connection.execute("SET synchronous_commit = on")

        def commit() -> None:
            connection.execute("SELECT pg_logical_emit_message(true, 'quaestor', '')")

        yield commit


@contextmanager
def _open(url: str) -> Iterator[PostgresConnection]:
    conninfo = address(url)
    try:
        connection = connect(conninfo)
        try:
            yield connection
        finally:
            connection.raw.close()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise Unavailable(f"{place(conninfo)}: {reason}.") from error
