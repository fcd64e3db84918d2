"""Search over HTTP."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from quaestor_artifact_store.domain.listing import fingerprint
from quaestor_artifact_store.repository.search import Start
from quaestor_artifact_store.service.search import Asked, SearchService
from quaestor_shared.contracts.envelopes import Pagination
from quaestor_shared.contracts.search import SearchListEnvelope
from quaestor_shared.service.parameters import Cursor, FeatureFilter, Limit
from quaestor_shared.service.replies import cursor_of, meta, next_link, read_cursor

__all__ = ["ROUTER"]

Search = NamedDependency[SearchService]
Text = Annotated[
    str,
    QueryParameter(
        max_length=1_000,
        description='Words that must all occur; `"in a row"`, `begin*`, `-not`, `this OR that`.',
    ),
]
Path = Annotated[str | None, QueryParameter(max_length=500, description="At this very path.")]
Folder = Annotated[
    str | None, QueryParameter(max_length=500, description="At paths in this folder or below it.")
]
Author = Annotated[str | None, QueryParameter(max_length=200, description="Written by this one.")]
MediaType = Annotated[
    str | None, QueryParameter(max_length=200, description="Of this type, without parameters.")
]
Pointer = Annotated[
    str,
    QueryParameter(
        pattern=r"^(/([^~]|~[01])*)?\Z",
        max_length=500,
        description="JSON Pointer: the words have to stand there or below it.",
    ),
]
State = Annotated[
    Literal["generated", "approved", "deleted"] | None,
    QueryParameter(  # `state` is a name that Litestar keeps to itself
        name="state",
        description="Approved or not; or deleted, which are not found otherwise.",
    ),
]
Since = Annotated[str | None, QueryParameter(description="Written then or later: RFC 3339.")]
Until = Annotated[str | None, QueryParameter(description="Written before then: RFC 3339.")]
History = Annotated[bool, QueryParameter(description="Older versions too, not only the latest.")]


@get("/v1/search", operation_id="search")
async def find(
    request: Request[Any, Any, Any],
    search: Search,
    q: Text = "",
    feature_id: FeatureFilter = None,
    path: Path = None,
    folder: Folder = None,
    media_type: MediaType = None,
    author: Author = None,
    pointer: Pointer = "",
    approval: State = None,
    since: Since = None,
    until: Until = None,
    history: History = False,  # noqa: FBT002 - Litestar passes it by name
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Response[SearchListEnvelope]:
    """Find versions by words and by what they are: the best first, without words the newest."""
    asked = Asked(
        *(q, feature_id, path, folder, media_type, author),
        *(pointer, approval, since, until, history),
    )
    mark = fingerprint(asked)
    found = await search.search(asked, _start(cursor, mark), limit)
    start = found.following
    following = (
        None if start is None else cursor_of(mark, start.newest, start.passed, start.before or 0)
    )
    return Response(
        SearchListEnvelope(data=found.hits, meta=meta(Pagination(limit=limit, next=following))),
        headers=next_link(f"{request.url.path}?{request.url.query}", following),
    )


def _start(cursor: str | None, mark: str) -> Start | None:
    key = read_cursor(cursor, (int, int, int), bound_to=mark)
    if key is None:
        return None
    newest, passed, before = (abs(part) for part in key)
    return Start(newest, passed, before or None)


ROUTER = Router(path="/", tags=["search"], route_handlers=[find])
