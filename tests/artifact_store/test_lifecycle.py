"""The life of artifacts and features: deleted, restored, purged, on every database."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.databases import KINDS, Kept, new_version, opened

from quaestor_artifact_store.database import Connection
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.domain.listing import VersionFilter
from quaestor_artifact_store.repository import (
    approvals,
    artifact_lifecycle,
    artifacts,
    checkpoints,
    feature_lifecycle,
    features,
    snapshots,
    version_lists,
    versions,
)
from quaestor_artifact_store.repository.rows import JournalAppendRow, Page
from quaestor_shared.contracts.approvals import CreateApproval
from quaestor_shared.contracts.checkpoints import CreateCheckpoint
from quaestor_shared.contracts.features import FeatureState
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.versions import ArtifactState, IfExists, VersionView
from quaestor_shared.errors import Conflict, Gone, NotFound

pytestmark = pytest.mark.anyio
EVENT = EventInput(type="noted", data={})


class Life(Kept):
    """The repository, and what has happened in it."""

    async def made(self, *texts: str, **changes: object) -> VersionView:
        """Write versions at one path and give the last."""
        written = [(await self.commit([new_version(text, **changes)], None))[0] for text in texts]
        return written[-1][0]

    async def kinds(self) -> list[str]:
        """List the kinds of all changes, in order."""
        sql = "SELECT type FROM changes WHERE position > 0 ORDER BY position"
        return await self.database.read(lambda c: [row["type"] for row in c.execute(sql)])


@pytest.fixture(params=KINDS)
async def life(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Life]:
    """Give the repository on each kind of database."""
    async with opened(request.param, tmp_path) as database:
        yield Life(database)


async def test_a_deleted_artifact_is_hidden_and_told_of(life: Life) -> None:
    """What is deleted is not found, with when and how it comes back, unless it is asked for."""
    key = (await life.made("a", "b")).artifact_id
    deleted = await life.do(artifact_lifecycle.delete, key)
    assert (deleted.state, deleted.deleted_at) == (ArtifactState.DELETED, deleted.updated_at)
    reads: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (artifacts.read, ()),
        (versions.read, (Expression(),)),
        (versions.read, (Expression(number=7),)),
    ]
    for query, arguments in reads:
        with pytest.raises(NotFound, match="restorations brings it back") as caught:
            await life.ask(query, key, *arguments)
        assert caught.value.meta == {"deleted_at": deleted.deleted_at}
    with pytest.raises(NotFound, match="restorations"):
        await life.list_versions(key, None, 9)
    with pytest.raises(NotFound, match="restorations"):
        await life.do(artifact_lifecycle.delete, key)
    assert (await life.ask(artifacts.read, key, deleted=True)).latest.number == 2
    assert (await life.ask(versions.read, key, Expression(number=1), deleted=True)).number == 1
    with pytest.raises(NotFound, match="no such version"):
        await life.ask(versions.read, key, Expression(number=7), deleted=True)
    assert await life.list_artifacts(Page(limit=9)) == []
    (listed,) = await life.list_artifacts(Page(limit=9), state=ArtifactState.DELETED)
    assert listed == deleted


async def test_a_restored_artifact_is_as_it_was(life: Life) -> None:
    """A restored artifact has its versions again, under its id; only what is deleted comes back."""
    version = await life.made("a", "b")
    with pytest.raises(Conflict, match="not deleted"):
        await life.do(artifact_lifecycle.restore, version.artifact_id)
    await life.do(artifact_lifecycle.delete, version.artifact_id)
    restored = await life.do(artifact_lifecycle.restore, version.artifact_id)
    assert (restored.latest, restored.deleted_at) == (version, None)
    assert [v.number for v in await life.list_versions(version.artifact_id, None, 9)] == [2, 1]
    assert (await life.made("c")).artifact_id == version.artifact_id
    assert (await life.kinds())[2:] == [
        "artifact.deleted",
        "artifact.restored",
        "version.created",
    ]


async def test_a_path_that_was_taken_again(life: Life) -> None:
    """A deleted artifact's path is free; then it is not restored, and no number comes twice."""
    first = await life.made("a", "b")
    await life.do(artifact_lifecycle.delete, first.artifact_id)
    second = await life.made("c", if_exists=IfExists.FAIL, expected_version=0)
    assert (second.number, second.artifact_id != first.artifact_id) == (3, True)
    with pytest.raises(Conflict) as caught:
        await life.do(artifact_lifecycle.restore, first.artifact_id)
    assert caught.value.meta == {"existing_id": second.artifact_id, "current_version": 3}
    await life.do(artifact_lifecycle.delete, second.artifact_id)
    await life.do(artifact_lifecycle.restore, first.artifact_id)
    assert (await life.made("d")).number == 4
    numbers = [v.number for v in await life.list_versions(first.artifact_id, None, 9)]
    assert numbers == [4, 2, 1]


async def test_a_purged_artifact_is_gone_for_good(life: Life) -> None:
    """A purge takes all that only the artifact had, and leaves its id and its numbers taken."""
    version = await life.made("a", "b")
    key = version.artifact_id
    await life.do(approvals.grant, key, Expression(), CreateApproval(digest=version.digest))
    with pytest.raises(Conflict, match="not deleted"):
        await life.do(artifact_lifecycle.purge, key)
    await life.do(artifact_lifecycle.delete, key)
    purged = await life.do(artifact_lifecycle.purge, key)
    assert (purged.last, purged.versions, purged.approvals) == (2, 2, 1)
    for table in ("versions", "approvals", "documents"):
        assert await life.ask(count, table) == 0
    for call in (
        life.ask(artifacts.read, key),
        life.ask(artifacts.read, key, deleted=True),
        life.ask(versions.read, key, Expression()),
        life.ask(version_lists.listing, key, VersionFilter(), after=None, limit=9),
        life.do(artifact_lifecycle.restore, key),
        life.do(artifact_lifecycle.purge, key),
        life.do(artifact_lifecycle.delete, key),
    ):
        with pytest.raises(Gone, match="does not come back") as caught:
            await call
        assert caught.value.meta == {"purged_at": purged.purged_at}
    assert await life.list_artifacts(Page(limit=9), state=ArtifactState.DELETED) == []
    after = await life.made("a")
    assert (after.number, after.artifact_id != key) == (3, True)
    assert await life.find_blob(version.digest) is not None
    assert (await life.kinds())[-2:] == ["artifact.purged", "version.created"]


async def test_a_deleted_feature_hides_and_brings_back(life: Life) -> None:
    """A feature hides all that is its own, takes no write, and comes back as it was."""
    kept, lost = await life.made("a"), await life.made("b", path="lost.json")
    other = await life.made("c", feature_id="other")
    slug = kept.feature_id
    journal = await life.create_journal("session:a", slug, [EVENT])
    await life.do(artifact_lifecycle.delete, lost.artifact_id)
    deleted = await life.do(feature_lifecycle.delete, slug)
    assert (deleted.state, deleted.artifacts, deleted.journals) == (FeatureState.DELETED, 1, 1)
    append = JournalAppendRow(journal_id=journal.id, expected_version=1, events=[EVENT])
    for read in (
        life.read_artifact(kept.artifact_id),
        life.read_version(kept.artifact_id, Expression()),
        life.read_journal(journal.id, 0, 9),
        life.delete_journal(journal.id, None),
        life.do(artifact_lifecycle.delete, kept.artifact_id),
        life.do(artifact_lifecycle.restore, lost.artifact_id),
        life.do(artifact_lifecycle.purge, lost.artifact_id),
        life.do(approvals.grant, kept.artifact_id, Expression(), CreateApproval(digest="")),
        life.ask(features.read, slug),
        life.do(feature_lifecycle.delete, slug),
    ):
        with pytest.raises(NotFound, match=f"Feature {slug} was deleted .*/restorations"):
            await read
    for write in (
        life.made("d", if_exists=IfExists.NEW_VERSION),
        life.create_journal("session:new", slug, []),
        life.create_journal("session:a", slug, []),
        life.append(append),
    ):
        with pytest.raises(Conflict, match="restorations brings it back") as caught:
            await write
        assert caught.value.meta == {"deleted_at": deleted.deleted_at}
    assert [a.id for a in await life.list_artifacts(Page(limit=9))] == [other.artifact_id]
    assert await life.list_journals("session", None, Page(limit=9)) == []
    assert await life.list_journals("session", slug, Page(limit=9)) == []
    assert (await life.ask(artifacts.read, kept.artifact_id, deleted=True)).state == "deleted"
    restored = await life.do(feature_lifecycle.restore, slug)
    assert (restored.state, restored.deleted_at) == (FeatureState.LIVE, None)
    assert (await life.read_artifact(kept.artifact_id)).latest == kept
    with pytest.raises(NotFound, match="This artifact was deleted"):
        await life.read_artifact(lost.artifact_id)
    assert (await life.append(append)).version == 2
    with pytest.raises(Conflict, match="not deleted"):
        await life.do(feature_lifecycle.restore, slug)


async def test_a_purged_feature_is_gone_for_good(life: Life) -> None:
    """A purge takes artifacts and journals, open and closed, and leaves every id taken."""
    kept, lost = await life.made("a", "b"), await life.made("c", path="lost.json")
    other = await life.made("a", feature_id="other")
    slug = kept.feature_id
    await life.do(artifact_lifecycle.delete, lost.artifact_id)
    open_one = await life.create_journal("session:a", slug, [EVENT])
    closed = await life.create_journal("session:b", slug, [EVENT])
    await life.delete_journal(closed.id, None)
    await life.do(snapshots.put, open_one.id, 1, {"n": 1})
    for name in ("first", "second"):
        await life.do(checkpoints.create, slug, CreateCheckpoint(name=name))
    await life.do(checkpoints.delete, slug, "second")
    with pytest.raises(Conflict, match="not deleted"):
        await life.do(feature_lifecycle.purge, slug)
    await life.do(feature_lifecycle.delete, slug)
    purged = await life.do(feature_lifecycle.purge, slug)
    assert (purged.artifacts, purged.versions, purged.journals) == (2, 3, 2)
    assert purged.checkpoints == 2
    left = [await life.ask(count, table) for table in ("versions", "documents")]
    assert left == [1, 1]
    for table in ("journals", "events", "snapshots", "checkpoints", "checkpoint_items"):
        assert await life.ask(count, table) == 0
    for call in (
        life.ask(features.read, slug),
        life.ask(features.read, slug, deleted=True),
        life.do(feature_lifecycle.restore, slug),
        life.do(feature_lifecycle.purge, slug),
        life.do(feature_lifecycle.delete, slug),
        life.read_artifact(kept.artifact_id),
        life.read_artifact(lost.artifact_id),
    ):
        with pytest.raises(Gone):
            await call
    with pytest.raises(Conflict, match="Take another feature_id"):
        await life.made("a")
    with pytest.raises(NotFound):
        await life.read_journal(open_one.id, 0, 9)
    for state in FeatureState:
        listed = await life.ask(features.listing, state, "", 9)
        assert slug not in [feature.feature_id for feature in listed]
    assert (await life.read_artifact(other.artifact_id)).latest == other


async def test_lists_of_features(life: Life) -> None:
    """Features are listed by id, live or deleted, with counts of what is live, page by page."""
    for slug in ("ff-c", "ff-a", "ff-b", "ff-d"):
        await life.made("x", feature_id=slug)
    await life.made("y", feature_id="ff-a", path="y.json")
    await life.create_journal("session:a", "ff-a", [])
    gone = await life.made("z", feature_id="ff-a", path="z.json")
    await life.do(artifact_lifecycle.delete, gone.artifact_id)
    await life.do(feature_lifecycle.delete, "ff-b")
    live = await life.ask(features.listing, FeatureState.LIVE, "", 9)
    assert [(f.feature_id, f.artifacts, f.journals) for f in live] == [
        *(("ff-a", 2, 1), ("ff-c", 1, 0), ("ff-d", 1, 0))
    ]
    rest = await life.ask(features.listing, FeatureState.LIVE, "ff-a", 1)
    assert [f.feature_id for f in rest] == ["ff-c"]
    (deleted,) = await life.ask(features.listing, FeatureState.DELETED, "", 9)
    assert (deleted.feature_id, deleted.state) == ("ff-b", FeatureState.DELETED)
    with pytest.raises(NotFound, match="no feature"):
        await life.ask(features.read, "ff-x")


def count(connection: Connection, table: str) -> int:
    """Count the rows of a table."""
    row = connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone()  # noqa: S608 - a name from here
    assert row is not None
    number: int = row["n"]
    return number
