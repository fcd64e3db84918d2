"""Batches and dry runs: what is written, and what is not, on every database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.databases import KINDS, Kept, opened

from quaestor_artifact_store.database import Transaction
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.fs_blobs import FileBlobs
from quaestor_artifact_store.repository import feature_lifecycle, features
from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.service.creation import CreationService
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.version_batches import CreateBatch, VersionBatchItem
from quaestor_shared.contracts.versions import (
    Commit,
    CreateVersion,
    IfExists,
    JournalAppend,
    VersionView,
)
from quaestor_shared.errors import Conflict, InvalidInput, NotFound, VersionMismatch

pytestmark = pytest.mark.anyio
EVENT = EventInput(type="noted", data={})


class Creating(Kept):
    """The service on a database, and the folder of its contents."""

    def __init__(self, database: Any, folder: Path) -> None:
        super().__init__(database)
        self.folder = folder
        self.blobs = FileBlobs(folder)
        self.service = CreationService(database, self.blobs)

    async def batch(
        self, *versions: CreateVersion, atomic: bool = False, dry_run: bool = False
    ) -> tuple[VersionBatchItem, ...]:
        """Create a batch."""
        request = CreateBatch(versions=versions, atomic=atomic)
        return (await self.service.create_batch(request, Once(), dry_run=dry_run)).items

    async def everything(self) -> tuple[int, list[tuple[str, int]], int]:
        """Count changes and contents, and give each path with its latest number."""
        sql = "SELECT count(*) AS n FROM changes"
        changes = await self.ask(lambda c: next(row["n"] for row in c.execute(sql)))
        listed = await self.list_artifacts(Page(limit=999))
        files = len(await self.blobs.page("", 1000))
        files += sum(1 for _ in (self.folder / ".unfinished").glob("*"))
        return changes, [(one.path, one.latest.number) for one in listed], files


@pytest.fixture(params=KINDS)
async def creating(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Creating]:
    """Give the service on each kind of database."""
    async with opened(request.param, tmp_path) as database:
        made = Creating(database, tmp_path / "blobs")
        yield made
        await made.blobs.close()


def version(path: str, text: str = "x", **changes: Any) -> CreateVersion:
    """Give a version to create."""
    return CreateVersion(feature_id="ff", path=path, media_type="text/plain", text=text, **changes)


async def test_an_atomic_batch_is_whole(creating: Creating) -> None:
    """All versions of an atomic batch are written, or none, and the first error has its place."""
    items = await creating.batch(version("a"), version("b"), version("a", "y"), atomic=True)
    assert [(i.status, i.version and i.version.number) for i in items] == [
        *((201, 1), (201, 1), (201, 2))
    ]
    before = await creating.everything()
    for wrong, kind, place in (
        (version("a", if_exists=IfExists.FAIL), Conflict, "/versions/1/path"),
        (version("a", expected_version=7), VersionMismatch, "/versions/1/expected_version"),
        (version("../a"), InvalidInput, "/versions/1/path"),
        (version("c", label="latest"), InvalidInput, "/versions/1/label"),
    ):
        with pytest.raises(kind) as caught:
            await creating.batch(version("new", "z"), wrong, atomic=True)
        assert [fault.field for fault in caught.value.details] == [place]
        assert (await creating.everything())[:2] == before[:2]
    (again,) = await creating.batch(version("a", "y"), atomic=True)
    assert (again.status, again.version and again.version.created) == (200, False)


async def test_a_batch_of_single_writes(creating: Creating) -> None:
    """Of a batch that is not atomic each version is written or refused for itself, in order."""
    await creating.batch(version("there", label="1.0.0"))
    items = await creating.batch(
        version("a"),
        version("there", "y", if_exists=IfExists.FAIL),
        version("there", "y", label="1.0.0"),
        version("a/../b"),
        version("there", "y", expected_version=1),
        version("a"),
        version("a", "y", expected_version=7),
    )
    assert [item.status for item in items] == [201, 409, 409, 400, 201, 200, 412]
    for item in items:
        assert (item.version is None) == (item.status >= 400) == (item.error is not None)
    places = [fault.field for item in items if item.error for fault in item.error.details]
    assert places == [
        *("/versions/1/path", "/versions/2/label", "/versions/3/path"),
        "/versions/6/expected_version",
    ]
    changes, artifacts, _ = await creating.everything()
    assert (changes, artifacts) == (3, [("a", 1), ("there", 2)])


async def test_a_batch_into_a_deleted_feature(creating: Creating) -> None:
    """What belongs to a deleted feature is refused with its place, the rest is written."""
    await creating.batch(version("a"))
    await creating.do(feature_lifecycle.delete, "ff")
    other = CreateVersion(feature_id="gg", path="a", media_type="text/plain", text="x")
    refused, written = await creating.batch(version("b"), other)
    assert (refused.status, written.status) == (409, 201)
    assert refused.error is not None
    assert refused.error.details[0].field == "/versions/0/feature_id"


@pytest.mark.parametrize("atomic", [True, False])
async def test_a_dry_run_of_a_batch(creating: Creating, *, atomic: bool) -> None:
    """A dry run answers as the batch would, and leaves no row, no content and no feature."""
    batch = (version("a"), version("b"), version("a", "y"))
    dry = await creating.batch(*batch, atomic=atomic, dry_run=True)
    assert await creating.everything() == (0, [], 0)
    with pytest.raises(NotFound):
        await creating.ask(features.read, "ff")
    real = await creating.batch(*batch, atomic=atomic)
    assert list(map(outcome, dry)) == list(map(outcome, real))


async def test_a_dry_run_of_a_write_that_is_refused(creating: Creating) -> None:
    """A dry run is refused as the write would be."""
    await creating.batch(version("a"))
    for wrong in (version("a", if_exists=IfExists.FAIL), version("a", "y", expected_version=0)):
        with pytest.raises(Conflict) as dry:
            await creating.service.create_version(wrong, Once(), dry_run=True)
        with pytest.raises(Conflict) as real:
            await creating.service.create_version(wrong, Once())
        assert (dry.value.message, dry.value.meta) == (real.value.message, real.value.meta)
        assert dry.value.details == real.value.details


async def test_a_dry_run_of_a_commit(creating: Creating) -> None:
    """A dry run of a commit appends nothing to the journal either."""
    journal = await creating.create_journal("session:a", "ff", [EVENT])
    append = JournalAppend(id=journal.id, expected_version=1, events=(EVENT,))
    commit = Commit(versions=(version("a"),), journal=append)
    dry = await creating.service.commit(commit, Once(), dry_run=True)
    assert (await creating.read_journal(journal.id, 0, 9)).version == 1
    assert (await creating.everything())[1:] == ([], 0)
    real = await creating.service.commit(commit, Once())
    assert (dry.journal_version, real.journal_version) == (2, 2)
    assert [one.number for one in dry.versions] == [one.number for one in real.versions]


async def test_a_dry_run_among_writes(creating: Creating) -> None:
    """A dry run in the middle of other writes takes back nothing of theirs."""
    new = IfExists.NEW_VERSION
    await asyncio.gather(
        *(
            creating.service.create_version(
                version("a", f"{n}", if_exists=new), Once(), dry_run=bool(n % 3)
            )
            for n in range(30)
        )
    )
    changes, artifacts, files = await creating.everything()
    assert (changes, artifacts, files) == (10, [("a", 10)], 10)


_STEPS = st.recursive(
    st.sampled_from(["write", "refused"]),
    lambda steps: st.tuples(st.booleans(), st.lists(steps, max_size=3)),
    max_leaves=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(_STEPS, max_size=4))
async def test_nested_operations(creating: Creating, steps: list[Any]) -> None:
    """Operations inside of operations keep what they did or take it back, whole, at any depth."""
    before = await creating.everything()
    expected: list[str] = []

    def run(tx: Transaction, step: Any, path: str) -> list[str]:
        """Do a step and give the paths that it has written."""
        if step == "refused":
            raise Conflict("no")
        if step == "write":
            features.feature_key(tx, path)
            return [path]
        keep, inner = step

        def all_of(tx: Transaction) -> list[str]:
            return [
                written
                for index, one in enumerate(inner)
                for written in run(tx, one, f"{path}-{index}")
            ]

        try:
            written = tx.nested(all_of, keep=keep)
        except Conflict:
            return []
        return written if keep else []

    def everything(tx: Transaction) -> None:
        for index, step in enumerate(steps):
            expected.extend(run(tx, (True, [step]), f"{before[0]}n{index}"))
        found = tx.execute("SELECT slug FROM features WHERE slug > ?", ("",)).fetchall()
        assert sorted(row["slug"] for row in found) == sorted(expected)
        raise Conflict("leave nothing")

    with pytest.raises(Conflict, match="leave nothing"):
        await creating.database.write(everything)


def outcome(item: VersionBatchItem) -> tuple[int, dict[str, Any]]:
    """Give all that a dry run can know: not the ids and not the time."""
    assert isinstance(item.version, VersionView)
    known = ("number", "digest", "path", "created", "state", "author", "size", "label")
    return item.status, {name: getattr(item.version, name) for name in known}


async def test_expressions_after_a_dry_run(creating: Creating) -> None:
    """Numbers go on as if there had been no dry run."""
    await creating.batch(version("a"))
    await creating.batch(version("a", "y"), dry_run=True)
    ((real,),) = [await creating.batch(version("a", "z"))]
    assert real.version is not None
    assert real.version.number == 2
    read = await creating.read_version(real.version.artifact_id, Expression())
    assert read.number == 2
