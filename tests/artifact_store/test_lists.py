"""Lists: whatever is asked for, what a plain sort and filter give, page by page."""

import itertools
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.databases import KINDS, Kept, new_version, opened

from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.domain.listing import ArtifactFilter, ArtifactSort, VersionSort
from quaestor_artifact_store.repository import (
    approvals,
    artifact_lifecycle,
    artifact_lists,
    feature_lifecycle,
)
from quaestor_artifact_store.repository.rows import Page
from quaestor_shared.contracts.approvals import CreateApproval
from quaestor_shared.contracts.versions import (
    ArtifactState,
    ArtifactView,
    IfExists,
    VersionState,
    VersionView,
)
from quaestor_shared.telemetry.context import principal

pytestmark = pytest.mark.anyio
PATHS = ["a", "a/b.json", "a/c.md", "a0", "b", "é.md", "\U0010ffff", "\U0010ffffx"]


@pytest.fixture(params=KINDS)
async def repository(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    """Give the repository on each kind of database."""
    async with opened(request.param, tmp_path) as database:
        yield Kept(database)


async def filled(repository: Kept) -> list[ArtifactView]:
    """Write artifacts of every sort, in a random order, and give all that a list may show."""
    chance = random.Random(7)  # noqa: S311 - the same data each time
    places = list(itertools.product(("ff-a", "ff-b", "ff-hidden"), PATHS))
    written: dict[str, VersionView] = {}
    for slug, path in chance.sample(places * 2, k=2 * len(places)):
        token = principal.set(chance.choice(["ann", "bob"]))
        media_type = chance.choice(["text/plain", "Text/Markdown; charset=utf-8", "text/markdown"])
        new = new_version(
            chance.choice("xyz"),
            feature_id=slug,
            path=path,
            media_type=media_type,
            if_exists=IfExists.NEW_VERSION,
        )
        ((version,), _) = await repository.commit([new], None)
        principal.reset(token)
        written[version.artifact_id] = version
        if chance.random() < 0.3:
            request = CreateApproval(digest=version.digest)
            await repository.do(approvals.grant, version.artifact_id, Expression(), request)
    for key in sorted(written)[::5]:
        await repository.do(artifact_lifecycle.delete, key)
        if chance.random() < 0.5:
            again = new_version("x", feature_id=written[key].feature_id, path=written[key].path)
            await repository.commit([again], None)
    await repository.do(feature_lifecycle.delete, "ff-hidden")
    live = await repository.list_artifacts(Page(limit=999))
    deleted = await repository.list_artifacts(Page(limit=999), state=ArtifactState.DELETED)
    assert len(live) > 10
    assert len(deleted) > 2
    return [*live, *deleted]


def wanted(every: list[ArtifactView], asked: ArtifactFilter) -> list[ArtifactView]:
    """Filter and sort in the plainest way."""

    def fits(one: ArtifactView) -> bool:
        media_type = one.latest.media_type.partition(";")[0].lower()
        return (
            (
                one.state is not ArtifactState.DELETED
                if not asked.state
                else one.state == asked.state
            )
            and asked.feature_id in (None, one.feature_id)
            and asked.path in (None, one.path)
            and one.path.startswith(asked.path_prefix or "")
            and asked.media_type in (None, media_type)
            and asked.author in (None, one.latest.author)
            and (asked.since or "") <= one.updated_at < (asked.until or "~")
        )

    return sorted(filter(fits, every), key=asked.key_of, reverse=asked.sort.down)


@pytest.mark.parametrize("sort", ArtifactSort)
async def test_lists_of_artifacts(repository: Kept, sort: ArtifactSort) -> None:
    """Every choice of filters gives what fits, sorted, whole over its pages, and counted."""
    every = await filled(repository)
    times = sorted(one.updated_at for one in every)
    choices: list[dict[str, Any]] = [
        {"feature_id": "ff-a"},
        {"path": "a/b.json"},
        {"path_prefix": "a"},
        {"path_prefix": "\U0010ffff"},
        {"media_type": "text/markdown"},
        {"author": "ann"},
        {"since": times[len(times) // 4]},
        {"until": times[len(times) // 2]},
    ]
    pairs = [{}, *choices, *(a | b for a, b in itertools.combinations(choices, 2))]
    for chosen, state in itertools.product(pairs, (None, *ArtifactState)):
        asked = ArtifactFilter(sort=sort, state=state, **chosen)
        right = wanted(every, asked)
        found: list[ArtifactView] = []
        after = None
        while page := await repository.ask(
            artifact_lists.listing, asked, Page(limit=7, after=after)
        ):
            found += page
            after = asked.key_of(page[-1])
        assert found == right, asked
        assert await repository.ask(artifact_lists.count, asked) == len(right)


@pytest.mark.parametrize("sort", ArtifactSort)
async def test_pages_while_others_write(repository: Kept, sort: ArtifactSort) -> None:
    """What is not written to meanwhile is on exactly one page, wherever others write."""
    for number in range(20):
        await repository.commit([new_version("x", path=f"{number:02}")], None)
    asked = ArtifactFilter(sort=sort)
    seen: list[str] = []
    after = None
    for turn in range(100):
        page = await repository.ask(artifact_lists.listing, asked, Page(limit=3, after=after))
        if not page:
            break
        seen += [one.path for one in page]
        after = asked.key_of(page[-1])
        if turn < 10:
            await repository.commit([new_version("y", path="05")], None)
            await repository.commit([new_version(f"{turn}", path="05")], None)
            await repository.commit([new_version("x", path=f"{turn:02}-new")], None)
    untouched = [f"{number:02}" for number in range(20) if number != 5]
    assert sorted(path for path in seen if path in untouched) == untouched


async def test_lists_of_versions(repository: Kept) -> None:
    """Versions are listed by number, up or down, filtered in every way, page by page."""
    made: list[VersionView] = []
    for number in range(1, 13):
        token = principal.set("ann" if number % 3 else "bob")
        new = new_version(
            f"{number % 5}",
            if_exists=IfExists.NEW_VERSION,
            label=f"{number % 2}.{number}.0" if number % 4 else None,
        )
        ((version,), _) = await repository.commit([new], None)
        principal.reset(token)
        made.append(version)
    key = made[0].artifact_id
    request = CreateApproval(digest=made[0].digest)
    await repository.do(approvals.grant, key, Expression(number=1), request)
    made = [await repository.read_version(key, Expression(one.number)) for one in made]
    cases: list[tuple[dict[str, Any], list[VersionView]]] = [
        ({}, made),
        ({"label_prefix": "1."}, [v for v in made if (v.label or "").startswith("1.")]),
        ({"author": "bob"}, [v for v in made if v.author == "bob"]),
        ({"state": VersionState.APPROVED}, [v for v in made if v.number % 5 == 1]),
        ({"state": VersionState.GENERATED}, [v for v in made if v.number % 5 != 1]),
        ({"since": made[3].created_at}, made[3:]),
        ({"until": made[3].created_at}, made[:3]),
        (
            {"author": "ann", "label_prefix": "1.", "since": made[2].created_at},
            [v for v in made[2:] if v.number % 3 and (v.label or "").startswith("1.")],
        ),
    ]
    for (asked, right), sort in itertools.product(cases, VersionSort):
        found: list[VersionView] = []
        while page := await repository.list_versions(
            key, found[-1].number if found else None, 2, sort=sort, **asked
        ):
            found += page
        assert found == (list(reversed(right)) if sort.down else right), asked
