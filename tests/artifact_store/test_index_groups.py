"""SQLite's index of words is written once for all writes that share a commit."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.search.document import document
from quaestor_artifact_store.domain.search.query import parse
from quaestor_artifact_store.repository import artifact_lifecycle, artifacts, search
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_artifact_store.repository.search import Filters, Start
from quaestor_artifact_store.sqlite.connections import open_writer
from quaestor_artifact_store.sqlite.database import SqliteDatabase
from quaestor_shared.clock import utc_now
from quaestor_shared.contracts.versions import IfExists
from quaestor_shared.errors import Conflict

pytestmark = pytest.mark.anyio


class Grouping:
    """A database whose next writes share a commit."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.database = SqliteDatabase(file, utc_now)

    async def together(self, *writes: Callable[[Transaction], Any]) -> list[Any]:
        """Run writes in one transaction, and give what each ended with."""
        waiting, going_on = threading.Event(), threading.Event()

        def hold(_: Transaction) -> None:
            waiting.set()
            going_on.wait()

        held = asyncio.ensure_future(self.database.write(hold))
        await asyncio.to_thread(waiting.wait)
        group = [asyncio.ensure_future(self.database.write(write)) for write in writes]
        await asyncio.sleep(0)
        going_on.set()
        await held
        return await asyncio.gather(*group, return_exceptions=True)

    async def found(self, word: str) -> list[int]:
        """Give the numbers of the latest versions that have a word."""
        hits = await self.database.read(
            lambda c: search.find(c, parse(word), Filters(), Start(search.newest(c)), 99)
        )
        return sorted(hit.number for hit in hits)

    def check(self) -> None:
        """Have SQLite compare its index with the documents. Raises DatabaseError."""
        self.database.close()
        connection = open_writer(self.file)
        connection.execute(
            "INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)"
        )
        connection.close()


@pytest.fixture
async def grouping(tmp_path: Path) -> AsyncIterator[Grouping]:
    """Give a database, whose index has to be right at the end."""
    made = Grouping(tmp_path / "store.db")
    yield made
    made.check()


def create(path: str, text: str, **changes: Any) -> Callable[[Transaction], str]:
    """Make a write of a version, which gives its artifact's id."""
    content = text.encode()
    entry = document(content, feature_id="ff", path=path, media_type="text/plain")
    new = NewVersion(
        feature_id="ff",
        path=path,
        digest=digest_of(content),
        size=len(content),
        media_type="text/plain",
        if_exists=IfExists.NEW_VERSION,
        document=entry,
        **changes,
    )
    return lambda tx: artifacts.create_version(tx, new, "").artifact_id


async def test_all_of_a_group_are_found(grouping: Grouping) -> None:
    """Each version of a group is found, older ones are not, and a refused one never was."""
    ended = await grouping.together(
        create("a", "first word"),
        create("a", "second word"),
        create("b", "refused word", expected_version=7),
        create("c", "third word"),
    )
    assert [isinstance(each, Conflict) for each in ended] == [False, False, True, False]
    assert await grouping.found("word") == [1, 2]
    assert await grouping.found("first") == await grouping.found("refused") == []
    await grouping.together(create("b", "another word"))
    assert await grouping.found("word") == [1, 1, 2]


async def test_a_purge_in_the_group_of_the_write(grouping: Grouping) -> None:
    """What is written, deleted and purged within one commit leaves nothing in the index."""
    made: list[str] = []

    def write(tx: Transaction) -> None:
        made.append(create("a", "gone word")(tx))

    def purge(tx: Transaction) -> None:
        artifact_lifecycle.delete(tx, made[0])
        artifact_lifecycle.purge(tx, made[0])

    ended = await grouping.together(write, create("b", "other word"), purge, create("c", "a word"))
    assert not any(isinstance(each, Exception) for each in ended)
    assert await grouping.found("gone") == []
    assert await grouping.found("word") == [1, 1]
