"""Approvals: of one digest of one artifact, by one approver, on every database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.databases import KINDS, Kept, new_version, opened

from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.repository import approvals, artifact_lifecycle, artifacts
from quaestor_artifact_store.repository.rows import Page
from quaestor_shared.contracts.approvals import ApprovalView, CreateApproval
from quaestor_shared.contracts.versions import IfExists, VersionState, VersionView
from quaestor_shared.errors import NotFound, VersionMismatch
from quaestor_shared.ids import new_id
from quaestor_shared.telemetry.context import principal

pytestmark = pytest.mark.anyio
LATEST = Expression()


class Approving(Kept):
    """The repository with one artifact, and approvals by named people."""

    async def version(self, text: str) -> VersionView:
        """Write a version."""
        new = new_version(text, if_exists=IfExists.NEW_VERSION)
        return (await self.commit([new], None))[0][0]

    async def approve(
        self, version: VersionView, by: str, which: Expression = LATEST, note: str = ""
    ) -> ApprovalView:
        """Approve what a version contains, as somebody."""
        token = principal.set(by)
        try:
            request = CreateApproval(digest=version.digest, note=note)
            return await self.do(approvals.grant, version.artifact_id, which, request)
        finally:
            principal.reset(token)

    async def states(self, artifact_id: str) -> list[tuple[int, str, int]]:
        """Give number, state and count of approvals of each version."""
        listed = await self.list_versions(artifact_id, None, 9)
        for version in listed:
            read = await self.read_version(artifact_id, Expression(version.number))
            assert (read.state, read.approvals) == (version.state, version.approvals)
        return [(v.number, v.state, v.approvals) for v in reversed(listed)]


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Approving]:
    """Give the repository on each kind of database."""
    async with opened(request.param, tmp_path) as database:
        yield Approving(database)


async def test_an_approval_is_of_a_digest(store: Approving) -> None:
    """What is approved is the content: no other version is, and the same content again is."""
    a = await store.version("a")
    key = a.artifact_id
    assert a.state is VersionState.GENERATED
    given = await store.approve(a, "ann", note="as agreed")
    assert (given.approver, given.note, given.digest, given.created) == (
        *("ann", "as agreed", a.digest, True),
    )
    await store.approve(a, "bob")
    await store.version("b")
    await store.version("a")
    assert await store.states(key) == [
        (1, "approved", 2),
        (2, "generated", 0),
        (3, "approved", 2),
    ]
    assert (await store.ask(artifacts.read, key)).state == "approved"


async def test_an_approval_of_another_artifact_does_not_count(store: Approving) -> None:
    """The same content at another path is not approved with the first."""
    await store.approve(await store.version("a"), "ann")
    ((elsewhere,), _) = await store.commit([new_version("a", path="other.json")], None)
    assert elsewhere.state is VersionState.GENERATED


async def test_one_approval_per_approver_and_digest(store: Approving) -> None:
    """Who approves the same again finds the first approval, under any name of the version."""
    a = await store.version("a")
    first = await store.approve(a, "ann", note="first")
    again = await store.approve(a, "ann", Expression(number=1), note="again")
    assert (again.id, again.note, again.created) == (first.id, "first", False)
    assert await store.states(a.artifact_id) == [(1, "approved", 1)]


async def test_what_was_not_read_is_not_approved(store: Approving) -> None:
    """A digest that the version no longer has is refused, with the one that it has."""
    a = await store.version("a")
    b = await store.version("b")
    with pytest.raises(VersionMismatch) as caught:
        await store.approve(a, "ann")
    assert caught.value.meta == {"current_digest": b.digest, "current_version": 2}
    assert caught.value.details[0].field == "/digest"
    await store.approve(a, "ann", Expression(number=1))
    assert await store.states(a.artifact_id) == [(1, "approved", 1), (2, "generated", 0)]


async def test_a_withdrawn_approval_counts_no_more(store: Approving) -> None:
    """Withdrawn, an approval is on record with who and when, and may be given anew."""
    a = await store.version("a")
    key = a.artifact_id
    given = await store.approve(a, "ann")
    token = principal.set("bob")
    withdrawn = await store.do(approvals.withdraw, key, given.id)
    principal.reset(token)
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at is not None) == ("bob", True)
    assert await store.ask(approvals.read, key, given.id) == withdrawn
    assert await store.states(key) == [(1, "generated", 0)]
    with pytest.raises(NotFound, match="was withdrawn at"):
        await store.do(approvals.withdraw, key, given.id)
    anew = await store.approve(a, "ann")
    assert (anew.id != given.id, anew.created) == (True, True)
    assert await store.states(key) == [(1, "approved", 1)]
    everything = await store.ask(approvals.listing, key, Page(limit=9), withdrawn=True)
    assert [one.id for one in everything] == [anew.id, given.id]
    assert await store.ask(approvals.listing, key, Page(limit=9)) == [
        await store.ask(approvals.read, key, anew.id)
    ]


async def test_lists_of_approvals(store: Approving) -> None:
    """Approvals are listed newest first, of an artifact or of what a version contains, by pages."""
    a = await store.version("a")
    given = [await store.approve(a, name) for name in ("ann", "bob", "cyd")]
    b = await store.version("b")
    given.append(await store.approve(b, "ann"))
    ids = [one.id for one in reversed(given)]
    first = await store.ask(approvals.listing, a.artifact_id, Page(limit=2))
    rest = await store.ask(approvals.listing, a.artifact_id, Page(limit=9, after=(first[-1].id,)))
    assert [one.id for one in (*first, *rest)] == ids
    of_a = await store.ask(approvals.of_version, a.artifact_id, Expression(number=1), Page(limit=9))
    assert [one.id for one in of_a] == ids[1:]
    page = Page(limit=1, after=(of_a[0].id,))
    of_a = await store.ask(approvals.of_version, a.artifact_id, Expression(number=1), page)
    assert [one.approver for one in of_a] == ["bob"]


async def test_what_is_not_there_is_not_approved(store: Approving) -> None:
    """Unknown artifacts, versions and approvals are not found, nor are those of deleted ones."""
    a = await store.version("a")
    given = await store.approve(a, "ann")
    request = CreateApproval(digest=digest_of(b"a"))
    with pytest.raises(NotFound):
        await store.do(approvals.grant, new_id(), Expression(), request)
    with pytest.raises(NotFound):
        await store.do(approvals.grant, a.artifact_id, Expression(number=2), request)
    with pytest.raises(NotFound):
        await store.do(approvals.withdraw, a.artifact_id, new_id())
    await store.do(artifact_lifecycle.delete, a.artifact_id)
    with pytest.raises(NotFound, match="restorations"):
        await store.do(approvals.withdraw, a.artifact_id, given.id)
    with pytest.raises(NotFound, match="restorations"):
        await store.ask(approvals.listing, a.artifact_id, Page(limit=9))
