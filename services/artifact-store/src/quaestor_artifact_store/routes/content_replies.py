"""Replies that are contents, or parts of them; `conditions` says which."""

from typing import Annotated

from litestar import MediaType, Response
from litestar.di import NamedDependency
from litestar.params import HeaderParameter
from litestar.response import Stream

from quaestor_artifact_store.domain.ranges import Conditions, select
from quaestor_artifact_store.service.contents import ContentService
from quaestor_shared.service.parameters import IfNoneMatch

__all__ = ["Asked", "conditions", "content_reply", "head_reply"]

Asked = NamedDependency[Conditions]


def conditions(
    if_none_match: IfNoneMatch = None,
    byte_range: Annotated[
        str | None, HeaderParameter(name="Range", description="A part, such as `bytes=0-1023`.")
    ] = None,
    if_range: Annotated[
        str | None,
        HeaderParameter(name="If-Range", description="The ETag for which the range is meant."),
    ] = None,
) -> Conditions:
    """Read the headers that select a part of a content (a dependency of the routes)."""
    return Conditions(if_none_match, byte_range, if_range)


async def content_reply(
    contents: ContentService, digest: str, size: int, headers: dict[str, str], asked: Conditions
) -> Response[bytes] | Stream:
    """Answer with a content, a part of it, or that the client has it already."""
    status, start, end = select(asked, digest, size)
    if status == 304:
        return Response(b"", status_code=status, headers=headers)
    body = await contents.read(digest, size, start, end)
    sent = {**headers, "Content-Length": str(end - start)}
    if status == 206:
        sent["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if isinstance(body, bytes):
        return Response(body, status_code=status, headers=sent)
    return Stream(body, status_code=status, headers=sent)


def head_reply(
    digest: str, size: int, headers: dict[str, str], asked: Conditions
) -> Response[None]:
    """Answer as to a GET, without the content; a range is for GET alone."""
    status, _, end = select(Conditions(asked.if_none_match), digest, size)
    return Response(
        None,
        status_code=status,
        media_type=MediaType.TEXT,  # as JSON the missing body would be `null`
        headers=headers if status == 304 else {**headers, "Content-Length": str(end)},
    )
