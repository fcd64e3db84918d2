"""Writes that name contents which were put just before."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.repository import garbage
from quaestor_artifact_store.repository.blobs import ContentRemoved

__all__ = ["forgetting", "put_again", "putting_again"]

P = ParamSpec("P")
T = TypeVar("T")
_MOST = 101  # a request names at most a hundred contents


class _OfADatabase(Protocol):
    _database: Database


S = TypeVar("S", bound=_OfADatabase)


def putting_again(
    method: Callable[Concatenate[S, P], Awaitable[T]],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Have a method of a service, which puts contents and names them, run as `put_again` does."""

    @wraps(method)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await put_again(self._database, lambda: method(self, *args, **kwargs))

    return run


async def put_again(database: Database, attempt: Callable[[], Awaitable[T]]) -> T:
    """Run an attempt to put contents and name them, and run it again when one was being removed."""
    for _ in range(_MOST - 1):
        try:
            return await forgetting(database, attempt)
        except ContentRemoved:
            continue
    return await forgetting(database, attempt)


async def forgetting(database: Database, attempt: Callable[[], Awaitable[T]]) -> T:
    """Run an attempt, and see to it that another one works.

    Raises what the attempt raises, ContentRemoved too.
    """
    try:
        return await attempt()
    except ContentRemoved as removed:
        digest = removed.digest
        await database.write(lambda tx: garbage.forget(tx, digest))
        raise
