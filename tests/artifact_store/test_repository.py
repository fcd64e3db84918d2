"""One behavioural suite for the repository, run on every database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.databases import KINDS, Kept, opened
from tests.support.databases import new_version as new

from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.repository.rows import JournalAppendRow, Page
from quaestor_artifact_store.sqlite.database import SqliteDatabase
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.versions import IfExists
from quaestor_shared.errors import Conflict, NotFound, Unavailable, VersionMismatch
from quaestor_shared.ids import new_id

pytestmark = pytest.mark.anyio


@pytest.fixture(params=KINDS)
async def repository(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    """Give the repository on each kind of database."""
    async with opened(request.param, tmp_path) as database:
        yield Kept(database)


def events(*numbers: int) -> list[EventInput]:
    """Give events that carry a number."""
    return [EventInput(type="counted", data={"n": number}) for number in numbers]


def append(journal_id: str, expected: int, *numbers: int) -> JournalAppendRow:
    """Give an append of such events."""
    return JournalAppendRow(
        journal_id=journal_id, expected_version=expected, events=events(*numbers)
    )


async def test_journal(repository: Kept) -> None:
    """A journal gives its events back in order, from any position, page by page."""
    journal = await repository.create_journal("session:a", "feature-a", events(1, 2))
    assert (journal.version, journal.feature_id) == (2, "feature-a")
    more = await repository.append(append(journal.id, 2, 3, 4, 5))
    assert [(e.version, e.data["n"]) for e in more.events] == [(3, 3), (4, 4), (5, 5)]
    page = await repository.read_journal(journal.id, 1, 2)
    assert [e.data["n"] for e in page.events] == [2, 3]
    assert page.more
    rest = await repository.read_journal(journal.id, 3, 100)
    assert ([e.data["n"] for e in rest.events], rest.more, rest.version) == ([4, 5], False, 5)
    assert (await repository.read_journal(journal.id, 5, 100)).events == ()


async def test_append_to_an_older_version(repository: Kept) -> None:
    """An append that expects another version is refused with the current one."""
    journal = await repository.create_journal("session:a", "feature-a", events(1))
    for wrong in (0, 2):
        with pytest.raises(VersionMismatch) as caught:
            await repository.append(append(journal.id, wrong, 9))
        assert caught.value.meta["current_version"] == 1
    assert (await repository.read_journal(journal.id, 0, 10)).version == 1


async def test_one_winner_per_version(repository: Kept) -> None:
    """Of many appends that expect the same version exactly one is taken."""
    journal = await repository.create_journal("session:a", "feature-a", [])
    results = await asyncio.gather(
        *(repository.append(append(journal.id, 0, n)) for n in range(64)), return_exceptions=True
    )
    assert sum(isinstance(r, VersionMismatch) for r in results) == 63
    assert (await repository.read_journal(journal.id, 0, 100)).version == 1


async def test_one_live_journal_per_key(repository: Kept) -> None:
    """A key has one live journal, also when many are created at once; deleting it frees the key."""
    results = await asyncio.gather(
        *(repository.create_journal("session:a", "feature-a", []) for _ in range(16)),
        return_exceptions=True,
    )
    (made,) = (r for r in results if not isinstance(r, BaseException))
    refused = [r for r in results if isinstance(r, Conflict)]
    assert len(refused) == 15
    assert {r.meta["existing_id"] for r in refused} == {made.id}
    await repository.delete_journal(made.id, None)
    with pytest.raises(NotFound):
        await repository.read_journal(made.id, 0, 1)
    with pytest.raises(NotFound):
        await repository.append(append(made.id, 0, 1))
    assert (await repository.create_journal("session:a", "feature-a", [])).id != made.id


async def test_delete_of_an_older_version(repository: Kept) -> None:
    """A delete that expects another version is refused."""
    journal = await repository.create_journal("session:a", "feature-a", events(1))
    with pytest.raises(VersionMismatch):
        await repository.delete_journal(journal.id, 0)
    assert (await repository.delete_journal(journal.id, 1)).id == journal.id


async def test_lists_of_journals(repository: Kept) -> None:
    """Journals are listed newest first by kind and feature; pages stay right while others write."""
    made = [
        await repository.create_journal(f"session:{n}", f"feature-{n % 2}", []) for n in range(6)
    ]
    await repository.create_journal("other:1", "feature-0", [])
    first = await repository.list_journals("session", None, Page(limit=2))
    await repository.create_journal("session:new", "feature-0", [])
    second = await repository.list_journals("session", None, Page(limit=9, after=(first[-1].id,)))
    assert [j.id for j in [*first, *second]] == [j.id for j in reversed(made)]
    mine = await repository.list_journals("session", "feature-1", Page(limit=9))
    assert [j.key for j in mine] == ["session:5", "session:3", "session:1"]


async def test_versions_count_up(repository: Kept) -> None:
    """Each new content is the next version; the same content again is the version that is there."""
    ((one,), _) = await repository.commit([new("a", label="1.0.0")], None)
    ((same,), _) = await repository.commit([new("a")], None)
    ((two,), _) = await repository.commit([new("b", label="1.1.0")], None)
    assert (one.number, one.created, same.number, same.created) == (1, True, 1, False)
    assert (two.number, two.artifact_id) == (2, one.artifact_id)
    for which, number in (
        (Expression(), 2), (Expression(number=1), 1), (Expression(label="1.0.0"), 1),
    ):  # fmt: skip
        assert (await repository.read_version(one.artifact_id, which)).number == number
    listed = await repository.list_versions(one.artifact_id, None, 9)
    assert [v.number for v in listed] == [2, 1]
    assert [v.number for v in await repository.list_versions(one.artifact_id, 2, 9)] == [1]


async def test_if_exists(repository: Kept) -> None:
    """`fail` refuses what is there, `new_version` adds one even of the same content."""
    await repository.commit([new("a", if_exists=IfExists.FAIL)], None)
    with pytest.raises(Conflict) as caught:
        await repository.commit([new("b", if_exists=IfExists.FAIL)], None)
    assert caught.value.meta["current_version"] == 1
    ((again,), _) = await repository.commit([new("a", if_exists=IfExists.NEW_VERSION)], None)
    assert (again.number, again.created) == (2, True)


async def test_expected_version(repository: Kept) -> None:
    """A write for another version than the latest is refused; 0 means that there is none."""
    await repository.commit([new("a", expected_version=0)], None)
    for wrong in (0, 2):
        with pytest.raises(VersionMismatch) as caught:
            await repository.commit([new("b", expected_version=wrong)], None)
        assert caught.value.meta["current_version"] == 1
        assert caught.value.details[0].field == "/versions/0/expected_version"
    await repository.commit([new("b", expected_version=1)], None)


async def test_labels_are_unique(repository: Kept) -> None:
    """A label names one version of an artifact for good."""
    await repository.commit([new("a", label="1.0.0")], None)
    with pytest.raises(Conflict):
        await repository.commit([new("b", label="1.0.0")], None)
    await repository.commit([new("b", label="1.0.0", path="other.json")], None)


async def test_a_commit_is_whole(repository: Kept) -> None:
    """Versions and events are written together or not at all, whichever of them is refused."""
    journal = await repository.create_journal("session:a", "feature-a", events(1))
    with pytest.raises(VersionMismatch):
        await repository.commit([new("a"), new("b", path="b.json")], append(journal.id, 7, 2))
    with pytest.raises(VersionMismatch):
        late = new("b", path="b.json", expected_version=3)
        await repository.commit([new("a"), late], append(journal.id, 1, 2))
    assert await repository.list_artifacts(Page(limit=9)) == []
    assert (await repository.read_journal(journal.id, 0, 9)).version == 1
    versions, version = await repository.commit(
        [new("a"), new("b", path="b.json")], append(journal.id, 1, 2)
    )
    assert ([v.number for v in versions], version) == ([1, 1], 2)


async def test_lists_of_artifacts(repository: Kept) -> None:
    """Artifacts are listed by feature and path, and found by both."""
    for feature, path in (("b-b", "y"), ("a-a", "z"), ("b-b", "x"), ("a-a", "x")):
        await repository.commit([new("a", feature_id=feature, path=path)], None)
    every = await repository.list_artifacts(Page(limit=9))
    places = [(a.feature_id, a.path) for a in every]
    assert places == [("a-a", "x"), ("a-a", "z"), ("b-b", "x"), ("b-b", "y")]
    rest = await repository.list_artifacts(Page(limit=9, after=("a-a", "z", "~")))
    assert [(a.feature_id, a.path) for a in rest] == places[2:]
    mine = await repository.list_artifacts(Page(limit=1, after=("b-b", "x", "~")), feature_id="b-b")
    assert [a.path for a in mine] == ["y"]
    (one,) = await repository.list_artifacts(Page(limit=9), feature_id="a-a", path="z")
    assert one.latest.number == 1


async def test_what_does_not_exist(repository: Kept) -> None:
    """Ids that name nothing are not found."""
    for call in (
        repository.read_journal(new_id(), 0, 1),
        repository.delete_journal(new_id(), None),
        repository.append(append(new_id(), 0, 1)),
        repository.read_artifact(new_id()),
        repository.read_version(new_id(), Expression()),
        repository.read_version(new_id(), Expression(number=1)),
    ):
        with pytest.raises(NotFound):
            await call
    assert await repository.find_blob(digest_of(b"none")) is None


async def test_one_process_per_database(tmp_path: Path) -> None:
    """A second store on the same database is refused while the first runs, and not after it."""
    file = tmp_path / "store.db"
    first = SqliteDatabase(file, lambda: "now")
    with pytest.raises(Unavailable, match="Another process uses"):
        await asyncio.to_thread(SqliteDatabase, file, lambda: "now", patience_s=0.1)
    waiting = asyncio.create_task(asyncio.to_thread(SqliteDatabase, file, lambda: "now"))
    await asyncio.to_thread(first.close)
    second = await waiting
    await second.check()
    await asyncio.to_thread(second.close)


async def test_no_database(tmp_path: Path) -> None:
    """A file that is no database is named, left as it is, and not kept locked."""
    file = tmp_path / "store.db"
    file.write_bytes(b"something else " * 500)
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"store\.db cannot be opened: file is not"):
            SqliteDatabase(file, lambda: "now", patience_s=0)
    assert file.read_bytes() == b"something else " * 500
