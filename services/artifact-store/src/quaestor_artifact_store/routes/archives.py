"""A feature as one archive over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from quaestor_artifact_store.archive_files import ArchiveFormat
from quaestor_artifact_store.routes.once import StreamedOnceOnly
from quaestor_artifact_store.service.archives import ArchiveService
from quaestor_shared.contracts.archives import ImportEnvelope
from quaestor_shared.errors import UnsupportedMedia
from quaestor_shared.service.parameters import FeatureFilter
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Archives = NamedDependency[ArchiveService]
_TYPES = {"tar": "application/x-tar", "zip": "application/zip"}
_TAKEN = {*_TYPES.values(), "application/gzip", "application/octet-stream"}
Form = Annotated[
    ArchiveFormat, QueryParameter(name="format", description="`tar`, or `zip`, which is smaller.")
]


@get("/v1/features/{feature_id:str}/archive", operation_id="export-feature")
async def export_feature(
    feature_id: FromPath[str], archives: Archives, form: Form = "tar"
) -> Stream:
    """Download a feature: its artifacts with all versions, approvals and journals, as one file."""
    archive = await archives.export(feature_id, form)
    return Stream(
        archive.chunks,
        media_type=_TYPES[form],
        headers={
            "Content-Length": str(archive.size),
            "Content-Disposition": f'attachment; filename="{feature_id}.{form}"',
        },
    )


@post("/v1/archives", operation_id="import-feature", request_max_body_size=None)
async def import_feature(
    request: Request[Any, Any, Any],
    archives: Archives,
    streamed_once: StreamedOnceOnly,
    feature_id: FeatureFilter = None,
) -> Response[ImportEnvelope]:
    """Take an archive in, as the feature that it was, or as another: all of it or nothing."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _TAKEN:
        raise UnsupportedMedia(f"The content type must be one of {', '.join(sorted(_TAKEN))}.")
    taken = await archives.take(request.stream(), feature_id, streamed_once)
    return Response(
        ImportEnvelope(data=taken, meta=meta()),
        headers={"Location": f"/v1/features/{taken.feature_id}"},
    )


ROUTER = Router(path="/", tags=["archives"], route_handlers=[export_feature, import_feature])
