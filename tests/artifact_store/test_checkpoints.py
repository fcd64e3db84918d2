"""Checkpoints remember where a feature stood, and going back loses nothing, on every database."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from tests.support.databases import KINDS, opened

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.search.document import document
from quaestor_artifact_store.domain.search.query import parse
from quaestor_artifact_store.repository import (
    artifact_lifecycle,
    artifacts,
    checkpoints,
    going_back,
    search,
)
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_artifact_store.repository.search import Filters, Start
from quaestor_shared.contracts.checkpoints import CreateCheckpoint, Others, Restoration
from quaestor_shared.contracts.versions import IfExists, VersionView
from quaestor_shared.errors import Conflict, NotFound

pytestmark = pytest.mark.anyio


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Give each kind of database."""
    async with opened(request.param, tmp_path) as made:
        yield made


async def write(database: Database, path: str, content: str) -> VersionView:
    """Write a version."""
    new = NewVersion(
        feature_id="ff",
        path=path,
        media_type="text/plain",
        digest=digest_of(content.encode()),
        size=len(content),
        if_exists=IfExists.FIND_OR_NEW_VERSION,
        document=document(content.encode(), feature_id="ff", path=path, media_type="text/plain"),
    )
    return await database.write(lambda tx: artifacts.create_version(tx, new, ""))


async def remember(database: Database, name: str) -> None:
    """Make a checkpoint."""
    request = CreateCheckpoint(name=name)
    await database.write(lambda tx: checkpoints.create(tx, "ff", request))


async def go_back(database: Database, name: str, others: Others = Others.KEEP) -> Restoration:
    """Go back to a checkpoint."""
    return await database.write(lambda tx: going_back.restore(tx, "ff", name, others))


async def latest(database: Database, path: str) -> tuple[int, str] | None:
    """Give the latest number and digest at a path."""
    found = await database.read(lambda c: artifacts.at(c, "ff", path))
    return None if found is None else (found.latest.number, found.latest.digest)


async def test_back_and_forth(database: Database) -> None:
    """Going back makes new versions with the old contents, and can itself be undone."""
    one = await write(database, "a.txt", "first words")
    await write(database, "b.txt", "same")
    await remember(database, "start")
    two = await write(database, "a.txt", "second words")
    done = await go_back(database, "start")
    assert [(item.path, item.action, item.number) for item in done.items] == [
        ("a.txt", "new_version", 3),
        ("b.txt", "unchanged", 1),
    ]
    assert await latest(database, "a.txt") == (3, one.digest)
    undone = await go_back(database, done.undo)
    assert undone.items[0].number == 4
    assert await latest(database, "a.txt") == (4, two.digest)


async def test_what_came_back_is_found(database: Database) -> None:
    """The words of a content that came back are in the index again."""
    one = await write(database, "a.txt", "first words")
    await remember(database, "start")
    await write(database, "a.txt", "second words")
    await go_back(database, "start")
    filters, start = Filters(facets=("every",)), Start(2**40)
    hits = await database.read(lambda c: search.find(c, parse("first"), filters, start, 10))
    assert [(hit.artifact_id, hit.number) for hit in hits] == [(one.artifact_id, 3)]


async def test_deleted_new_and_purged(database: Database) -> None:
    """What was deleted comes back, what is new goes where asked for, what was purged is gone."""
    kept = await write(database, "kept.txt", "kept")
    lost = await write(database, "lost.txt", "lost")
    taken = await write(database, "taken.txt", "old")
    await remember(database, "start")
    for version in (kept, lost, taken):
        await database.write(partial(artifact_lifecycle.delete, artifact_id=version.artifact_id))
    await database.write(lambda tx: artifact_lifecycle.purge(tx, lost.artifact_id))
    await write(database, "taken.txt", "new")
    await write(database, "late.txt", "late")
    done = await go_back(database, "start", Others.DELETE)
    assert [(item.path, item.action.value) for item in done.items] == [
        ("kept.txt", "restored"),
        ("lost.txt", "gone"),
        ("taken.txt", "taken"),
        ("late.txt", "deleted"),
        ("taken.txt", "deleted"),
    ]
    assert await latest(database, "kept.txt") == (1, kept.digest)
    assert await latest(database, "late.txt") is None


async def test_names(database: Database) -> None:
    """A name is taken once, free again when it is forgotten, and listed newest first."""
    await write(database, "a.txt", "a")
    for name in ("one", "two", "three"):
        await remember(database, name)
    with pytest.raises(Conflict):
        await remember(database, "one")
    listed = await database.read(lambda c: checkpoints.listing(c, "ff", None, 2))
    assert [one.name for _, one in listed] == ["three", "two"]
    rest = await database.read(lambda c: checkpoints.listing(c, "ff", listed[-1][0], 9))
    assert [(one.name, one.artifacts, one.author) for _, one in rest] == [("one", 1, "anonymous")]
    await database.write(lambda tx: checkpoints.delete(tx, "ff", "one"))
    with pytest.raises(NotFound):
        await database.read(lambda c: checkpoints.read(c, "ff", "one"))
    await remember(database, "one")
    (item,) = (await database.read(lambda c: checkpoints.read(c, "ff", "one"))).items or ()
    assert (item.path, item.number) == ("a.txt", 1)
