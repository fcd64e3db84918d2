"""`quaestor store scrub`: every content, hashed again."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.offline import check_current, looking_at
from quaestor_artifact_store.service.scrubbing import Scrubbed, State
from quaestor_artifact_store.service.scrubbing import scrub as scrub_contents
from quaestor_artifact_store.settings import Settings
from quaestor_artifact_store.wiring import blobs_of, check
from quaestor_cli import exit_codes
from quaestor_cli.store.counting import Counting
from quaestor_cli.store.options import of_a_store

__all__ = ["scrub"]

T = TypeVar("T")
_FINDINGS = (State.DAMAGED, State.UNREADABLE, State.MISSING)


@click.command()
@of_a_store
def scrub(settings: Settings) -> None:
    """Read every content and hash it again; the service may go on meanwhile.

    Tells which contents are damaged, which cannot be read, which are missing though a row names
    them, and which are orphaned: there, and named by no row. The exit status is 1 when a content
    is damaged, unreadable or missing. Uploading a content again mends it.
    """
    try:
        check(settings)
    except SystemExit as error:  # names the settings that do not go together
        raise click.UsageError(str(error)) from error
    check_current(settings)
    states = asyncio.run(_scrub(settings))
    if any(states[state] for state in _FINDINGS):
        raise SystemExit(exit_codes.FINDINGS)


async def _scrub(settings: Settings) -> Counter[str]:
    def read(query: Callable[[Connection], T]) -> Awaitable[T]:
        def look() -> T:
            with looking_at(settings) as connection:
                return query(connection)

        return asyncio.to_thread(look)

    blobs = blobs_of(settings)
    try:
        with Counting("scrubbing") as counting:

            def tell(one: Scrubbed) -> None:
                counting.count(one.state, one.size)
                if one.state is not State.WHOLE:
                    counting.say(f"{one.state}: {one.digest}")

            await scrub_contents(blobs, read, tell)
        return counting.counts
    finally:
        await blobs.close()
