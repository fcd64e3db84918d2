"""What can be searched, and how a page of what was found is made."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Connection, Database
from quaestor_artifact_store.domain.expressions import Expression
from quaestor_artifact_store.domain.search.facets import (
    EVERYTHING,
    essence,
    facet,
    pointer_facet,
)
from quaestor_artifact_store.domain.search.leaves import Leaf, leaves
from quaestor_artifact_store.domain.search.query import Query, matches, parse
from quaestor_artifact_store.domain.search.snippets import Found, found_in, marked, under
from quaestor_artifact_store.domain.search.words import words
from quaestor_artifact_store.domain.times import read_time
from quaestor_artifact_store.repository import search, versions
from quaestor_artifact_store.repository.search import Filters, Hit, Start
from quaestor_shared.contracts.search import SearchHit, SearchPlace
from quaestor_shared.contracts.versions import VersionView
from quaestor_shared.errors import NotFound, Unavailable

__all__ = ["Asked", "SearchPage", "SearchService"]

_BATCH = 100  # versions that are looked into at once
_MOST_BATCHES = 10  # for one page; its cursor goes on from there


class Asked(NamedTuple):
    """What a search asks for: words, and what the versions must be like.

    `folder` is where the path lies, at any depth; `pointer` a JSON Pointer: the words have to stand
    there or below. `state` is `generated`, `approved` or `deleted`; times are RFC 3339. `history`
    finds older versions too, not only the latest of each artifact.
    """

    text: str = ""
    feature_id: str | None = None
    path: str | None = None
    folder: str | None = None
    media_type: str | None = None
    author: str | None = None
    pointer: str = ""
    state: str | None = None
    since: str | None = None
    until: str | None = None
    history: bool = False


class SearchPage(NamedTuple):
    """What was found, and where the next page starts, if there may be one."""

    hits: tuple[SearchHit, ...]
    following: Start | None = None


class _Candidate(NamedTuple):
    hit: Hit
    version: VersionView


class SearchService:
    """Finds versions by words and by what they are."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    async def search(self, asked: Asked, start: Start | None, limit: int) -> SearchPage:
        """Give a page of the versions that match: the best first, without words the newest.

        A page may be short and still have a next one, where a JSON Pointer was given. Raises
        InvalidInput.
        """
        query, filters = parse(asked.text), _filters(asked)
        if start is None:
            start = Start(newest=await self._database.read(search.newest))
        if asked.pointer:
            return await self._below(asked.pointer, query, filters, start, limit)
        found = await self._candidates(query, filters, start, limit + 1)
        page = found[:limit]
        places = await asyncio.gather(*(self._leaves(one.version) for one in page))
        hits = [_hit(one, found_in(there, query)) for one, there in zip(page, places, strict=True)]
        for one in page:
            start = start.after(one.hit, ranked=bool(query.required))
        return SearchPage(tuple(hits), start if len(found) > limit else None)

    async def _below(
        self, pointer: str, query: Query, filters: Filters, start: Start, limit: int
    ) -> SearchPage:
        """Look into what matches as a whole, until a page is full or enough was looked into."""
        hits: list[SearchHit] = []
        somewhere = query._replace(excluded=())  # elsewhere in the content that may well occur
        for _ in range(_MOST_BATCHES):
            batch = await self._candidates(somewhere, filters, start, _BATCH)
            for candidate in batch:
                start = start.after(candidate.hit, ranked=bool(query.required))
                places = under(await self._leaves(candidate.version), pointer)
                if _matches(query, places):
                    hits.append(_hit(candidate, found_in(places, query)))
                if len(hits) == limit:
                    return SearchPage(tuple(hits), start)
            if len(batch) < _BATCH:
                return SearchPage(tuple(hits))
        return SearchPage(tuple(hits), start)

    async def _candidates(
        self, query: Query, filters: Filters, start: Start, size: int
    ) -> list[_Candidate]:
        def read(connection: Connection) -> list[_Candidate]:
            return [
                _Candidate(hit, _version(connection, hit))
                for hit in search.find(connection, query, filters, start, size)
            ]

        return await self._database.read(read)

    async def _leaves(self, version: VersionView) -> Sequence[Leaf]:
        """Read a content; one that cannot be read is found all the same, without its places."""
        try:
            content = await self._blobs.get(version.digest)
        except (NotFound, Unavailable):
            return ()
        return leaves(content, version.media_type)


def _version(connection: Connection, hit: Hit) -> VersionView:
    # The filter has decided whether what is deleted is to be seen.
    return versions.read(connection, hit.artifact_id, Expression(hit.number), deleted=True)


def _filters(asked: Asked) -> Filters:
    wanted = {
        "feature": asked.feature_id,
        "path": asked.path,
        "folder": asked.folder and asked.folder.strip("/"),
        "media": asked.media_type and essence(asked.media_type),
        "author": asked.author,
    }
    facets = [facet(kind, value) for kind, value in wanted.items() if value]
    if asked.pointer:
        facets.append(pointer_facet(asked.pointer))
    return Filters(
        facets=tuple(facets) or (EVERYTHING,),
        state=asked.state,
        since=read_time(asked.since, "since") if asked.since else None,
        until=read_time(asked.until, "until") if asked.until else None,
        latest=not asked.history,
    )


def _matches(query: Query, places: Sequence[Leaf]) -> bool:
    return bool(places) and matches(query, words("\n".join(leaf.text for leaf in places)))


def _hit(candidate: _Candidate, found: Sequence[Found]) -> SearchHit:
    version = candidate.version
    return SearchHit(
        artifact_id=version.artifact_id,
        feature_id=version.feature_id,
        path=version.path,
        number=version.number,
        digest=version.digest,
        media_type=version.media_type,
        author=version.author,
        created_at=version.created_at,
        label=version.label,
        score=candidate.hit.score,
        places=tuple(
            SearchPlace(
                snippet=place.text,
                highlights=place.highlights,
                html=marked(place),
                pointer=place.leaf.pointer,
                heading=place.leaf.heading,
                line=place.leaf.line,
            )
            for place in found
        ),
    )
