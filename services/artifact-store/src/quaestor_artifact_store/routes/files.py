"""A feature's files over HTTP: raw bytes under their paths."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from quaestor_artifact_store.domain.conditions import read_condition
from quaestor_artifact_store.domain.content_headers import content_headers
from quaestor_artifact_store.routes.content_replies import Asked, conditions, content_reply
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.routes.raw_body import sent_path
from quaestor_artifact_store.service.contents import ContentService
from quaestor_artifact_store.service.files import FileService
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import FileTarget, VersionEnvelope
from quaestor_shared.errors import InvalidInput
from quaestor_shared.pointers import split_fault
from quaestor_shared.service.bodies import check_identity
from quaestor_shared.service.parameters import IfMatch, IfNoneMatch
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Files = NamedDependency[FileService]
Contents = NamedDependency[ContentService]
_FILE = "/v1/features/{feature_id:str}/files/{path:path}"
Version = Annotated[str, QueryParameter(max_length=200, description="A version expression.")]
Label = Annotated[str | None, QueryParameter(max_length=100, description="The version's label.")]


@put(_FILE, operation_id="put-file")
async def put_file(
    request: Request[Any, Any, Any],
    feature_id: FromPath[str],
    path: FromPath[str],
    files: Files,
    once: OnceOnly,
    label: Label = None,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response[VersionEnvelope]:
    """Write a file: the body is its content, of the type that the request says.

    Changing what is there takes `If-Match` with its ETag, so that nobody's work is lost unseen:
    428 without, 412 when somebody was faster, with what a merge gives.
    """
    check_identity(request.scope["headers"])
    media_type = request.headers.get("content-type", "application/octet-stream")
    target = _target(
        feature_id=feature_id, path=sent_path(request, path), media_type=media_type, label=label
    )
    condition = read_condition(if_match, if_none_match, required=True)
    version = await files.put(target, await request.body(), once, condition)
    place = f"/v1/artifacts/{version.artifact_id}/versions/{version.number}"
    return Response(
        VersionEnvelope(data=version, meta=meta()),
        status_code=201 if version.created else 200,
        headers={"Location": place, "ETag": f'"{version.digest}"'},
    )


@get(_FILE, operation_id="read-file")
async def read_file(
    request: Request[Any, Any, Any],
    feature_id: FromPath[str],
    path: FromPath[str],
    files: Files,
    contents: Contents,
    asked: Asked,
    version: Version = "latest",
) -> Response[bytes] | Stream:
    """Read a file, or a part of it, as it is, or as it was in another version."""
    found = await files.find(feature_id, sent_path(request, path), version)
    headers = content_headers(found.digest, found.media_type, found.path, lasting=False)
    return await content_reply(contents, found.digest, found.size, headers, asked)


def _target(**given: str | None) -> FileTarget:
    try:
        return msgspec.convert(given, FileTarget)
    except msgspec.ValidationError as error:
        fault, place = split_fault(str(error))
        names = {"/media_type": "Content-Type"}
        detail = ErrorDetail(field=names.get(place, place.strip("/")), message=fault)
        raise InvalidInput("The file cannot be kept as it was sent.", details=[detail]) from error


ROUTER = Router(
    path="/",
    tags=["files"],
    dependencies={"asked": Provide(conditions, sync_to_thread=False)},
    route_handlers=[put_file, read_file],
)
