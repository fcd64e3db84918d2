"""Search finds what was written, where it was written, and nothing else, on every database."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.databases import KINDS, opened

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.content import digest_of
from quaestor_artifact_store.domain.search.document import document
from quaestor_artifact_store.domain.search.facets import EVERYTHING, facet
from quaestor_artifact_store.domain.search.query import matches, parse
from quaestor_artifact_store.domain.search.words import words
from quaestor_artifact_store.repository import artifacts, search
from quaestor_artifact_store.repository.rows import NewVersion
from quaestor_artifact_store.repository.search import Filters, Start
from quaestor_shared.contracts.versions import IfExists, VersionView
from quaestor_shared.errors import InvalidInput

pytestmark = pytest.mark.anyio
EVERY = Filters(facets=(EVERYTHING,))


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Give each kind of database."""
    async with opened(request.param, tmp_path) as made:
        yield made


async def write(database: Database, content: str, path: str = "a.txt", **more: Any) -> VersionView:
    """Write a version with its entry in the index."""
    feature, media_type = more.get("feature_id", "ff"), more.get("media_type", "text/plain")
    new = NewVersion(
        feature_id=feature,
        path=path,
        digest=digest_of(content.encode()),
        size=len(content),
        media_type=media_type,
        if_exists=IfExists.NEW_VERSION,
        document=document(content.encode(), feature_id=feature, path=path, media_type=media_type),
    )
    return await database.write(lambda tx: artifacts.create_version(tx, new, ""))


async def found(
    database: Database, text: str, filters: Filters = EVERY, start: Start | None = None
) -> list[tuple[str, int]]:
    """Give the artifacts and numbers that a query finds."""
    query, begin = parse(text), start or Start(2**40)
    hits = await database.read(lambda c: search.find(c, query, filters, begin, 100))
    return [(hit.artifact_id, hit.number) for hit in hits]


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("The Meal Planner", "meal", True),
        ("The Meal Planner", "MEAL planner", True),
        ("The Meal Planner", '"meal planner"', True),
        ("The Meal Planner", '"planner meal"', False),
        ("The Meal Planner", "meal missing", False),
        ("The Meal Planner", "missing OR meal", True),
        ("The Meal Planner", "meal -planner", False),
        ("The Meal Planner", "meal -missing", True),
        ("The Meal Planner", "mea", False),
        ("The Meal Planner", "mea*", True),
        ("The Meal Planner", '"meal pla*"', False),
        ("UserProfile", "userprofile", True),
        ("UserProfile", "profile", True),
        ("UserProfile", "user_profile", True),
        ("payload_examples", "payload", True),
        ("Überraschung für Zoë", "uberraschung zoe", True),
        ("ΣΊΣΥΦΟΣ", "σίσυφος", True),
        ("日本語 text", "日本語", True),
        ("p95 < 200ms", "200ms", True),
        ('a"b AND facets : c', "AND facets", True),
        ("it's 'quoted'", "quoted", True),
    ],
)
async def test_queries(database: Database, text: str, query: str, is_found: bool) -> None:  # noqa: FBT001
    """A query finds what it says, without case and accents, and identifiers by their parts."""
    version = await write(database, text)
    assert await found(database, query) == [(version.artifact_id, 1)] * is_found


WORDS = st.sampled_from(["meal", "Plan", "MealPlan", "user_id", "x", "Zoë", "meals", "42"])
PIECES = st.builds(
    lambda minus, quoted, found, star: f'{minus}"{found}"' if quoted else f"{minus}{found}{star}",
    st.sampled_from(["", "", "", "-"]),
    st.booleans(),
    st.lists(WORDS, min_size=1, max_size=2).map(" ".join),
    st.sampled_from(["", "", "*"]),
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_an_index_finds_what_matching_says(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """For any texts and query, a database's index finds just the texts whose words match."""

    async def compare(texts: list[str], query: str) -> None:
        async with opened(kind, tmp_path_factory.mktemp("index")) as database:
            made = [await write(database, text, f"{n}.txt") for n, text in enumerate(texts)]
            try:
                asked = parse(query)
            except InvalidInput:
                return
            there = await found(database, query)
            wanted = {
                version.artifact_id
                for version, text in zip(made, texts, strict=True)
                if matches(asked, words(text))
            }
            assert {artifact for artifact, _ in there} == wanted, (texts, query)

    cases: list[tuple[list[str], str]] = []
    texts = st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=5)
    queries = st.lists(PIECES | st.just("OR"), max_size=4).map(" ".join)

    @settings(max_examples=60, database=None)
    @given(texts, queries)
    def collect(texts: list[str], query: str) -> None:
        cases.append((texts, query))

    collect()
    for given_texts, query in cases:
        await compare(given_texts, query)


async def test_filters(database: Database) -> None:
    """Filters narrow what words find, alone they list the newest first, and together they join."""
    one = await write(database, "meal", "design/backend.json", media_type="application/json")
    two = await write(database, "meal", "design/docs/x.md", media_type="text/markdown")
    three = await write(database, "meal", "design/docs/x.md", feature_id="gg")
    ids = [version.artifact_id for version in (one, two, three)]

    async def narrowed(*facets: str, **more: Any) -> list[str]:
        filters = Filters(facets=facets or (EVERYTHING,), **more)
        return [artifact for artifact, _ in await found(database, "", filters)]

    assert await narrowed() == ids[::-1]
    assert await narrowed(facet("feature", "ff")) == [ids[1], ids[0]]
    assert await narrowed(facet("path", "design/docs/x.md")) == [ids[2], ids[1]]
    assert await narrowed(facet("folder", "design")) == ids[::-1]
    assert await narrowed(facet("folder", "design/docs"), facet("feature", "ff")) == [ids[1]]
    assert await narrowed(facet("media", "text/markdown")) == [ids[1]]
    assert await narrowed(facet("author", "anonymous")) == ids[::-1]
    assert await narrowed(facet("author", "ada")) == []
    assert await narrowed(since=two.created_at) == [ids[2], ids[1]]
    assert await narrowed(until=two.created_at) == [ids[0]]
    assert await narrowed(state="approved") == []
    assert await narrowed(state="generated") == ids[::-1]
    assert await narrowed(state="deleted") == []
    assert len(await found(database, "meal", Filters(facets=(facet("feature", "gg"),)))) == 1


async def test_versions(database: Database) -> None:
    """The latest version alone is found; older ones only where history is asked for."""
    old = await write(database, "before")
    new = await write(database, "after")
    assert await found(database, "before") == []
    assert await found(database, "after") == [(new.artifact_id, 2)]
    history = Filters(facets=(EVERYTHING,), latest=False)
    assert await found(database, "before", history) == [(old.artifact_id, 1)]


async def test_what_is_forgotten(database: Database) -> None:
    """What was taken out of the index is found no more, and the rest still is."""
    gone = await write(database, "meal plan")
    kept = await write(database, "meal plan", "b.txt")
    await database.write(lambda tx: search.forget(tx, gone.artifact_id))
    assert await found(database, "meal") == [(kept.artifact_id, 1)]


@pytest.mark.parametrize("text", ["", "meal"])
async def test_pages_while_others_write(database: Database, text: str) -> None:
    """Pages go on where the last ended, with nothing twice, and without what came meanwhile."""
    made = [(await write(database, "meal " * (n + 1), f"{n}.txt")).artifact_id for n in range(7)]
    query, start = parse(text), Start(await database.read(search.newest))
    seen: list[str] = []
    for _ in range(4):
        hits = await database.read(
            partial(search.find, query=query, filters=EVERY, start=start, limit=2)
        )
        seen += [hit.artifact_id for hit in hits]
        await write(database, "meal", f"new{len(seen)}.txt")
        await write(database, "changed meanwhile", f"{len(seen) % 7}.txt")
        for hit in hits:
            start = start.after(hit, ranked=bool(text))
    assert sorted(seen) == sorted(made)


async def test_the_better_first(database: Database) -> None:
    """What says a word more often, in fewer words, comes first."""
    await write(database, "one meal in a long text about something else altogether", "a.txt")
    best = await write(database, "meal meal meal", "b.txt")
    await write(database, "no such word", "c.txt")
    hits = await found(database, "meal")
    assert (len(hits), hits[0][0]) == (2, best.artifact_id)


@pytest.mark.parametrize("text", ["-meal", "...", '"', "* - OR", " ".join(["x"] * 33)])
def test_what_cannot_be_asked(text: str) -> None:
    """A query that could find nothing, or everything but something, is refused with the reason."""
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert caught.value.details[0].field == "q"


@given(st.text(max_size=60))
def test_words_are_what_every_index_takes(text: str) -> None:
    """Words are letters and digits, and folding them again changes nothing."""
    made = words(text)
    assert all(word.isalnum() for word in made)
    assert [again for word in made for again in words(word)] == made
    assert "\0" not in msgspec.json.encode(made).decode()
