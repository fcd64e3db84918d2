"""Writing versions over HTTP: one, a batch, or a commit with its events."""

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from quaestor_artifact_store.domain.conditions import read_condition
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.creation import CreationService
from quaestor_shared.contracts.version_batches import CreateBatch, VersionBatchEnvelope
from quaestor_shared.contracts.versions import (
    Commit,
    CommitEnvelope,
    CreateVersion,
    VersionEnvelope,
    VersionView,
)
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import DryRun, IfMatch, IfNoneMatch
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Creation = NamedDependency[CreationService]


@post(
    "/v1/artifacts",
    operation_id="create-version",
    dto=StrictBody[CreateVersion],
    return_dto=None,
    responses={200: ResponseSpec(VersionEnvelope, description="The version that was found")},
)
async def create_version(
    data: JSONBody[CreateVersion],
    creation: Creation,
    once: OnceOnly,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
    dry_run: DryRun = False,  # noqa: FBT002 - Litestar passes it by name
) -> Response[VersionEnvelope]:
    """Store a content as a version: 201 with a new one, 200 with the one that was found."""
    condition = read_condition(if_match, if_none_match)
    version = await creation.create_version(data, once, condition, dry_run=dry_run)
    place = {} if dry_run and version.created else {"Location": _place(version)}
    return Response(
        VersionEnvelope(data=version, meta=meta(dry_run=dry_run)),
        status_code=201 if version.created else 200,
        headers={**place, "ETag": f'"{version.digest}"'},
    )


@post(
    "/v1/batches",
    operation_id="create-batch",
    dto=StrictBody[CreateBatch],
    return_dto=None,
    responses={
        200: ResponseSpec(VersionBatchEnvelope, description="All were found"),
        207: ResponseSpec(VersionBatchEnvelope, description="What became of each, when not atomic"),
    },
)
async def create_batch(
    data: JSONBody[CreateBatch],
    creation: Creation,
    once: OnceOnly,
    dry_run: DryRun = False,  # noqa: FBT002 - Litestar passes it by name
) -> Response[VersionBatchEnvelope]:
    """Store contents as versions in one transaction: all or none, or each that can be."""
    batch = await creation.create_batch(data, once, dry_run=dry_run)
    written = 201 if any(item.status == 201 for item in batch.items) else 200
    return Response(
        VersionBatchEnvelope(data=batch, meta=meta(dry_run=dry_run)),
        status_code=written if data.atomic else 207,
    )


@post("/v1/commits", operation_id="commit", dto=StrictBody[Commit], return_dto=None)
async def commit(
    data: JSONBody[Commit],
    creation: Creation,
    once: OnceOnly,
    dry_run: DryRun = False,  # noqa: FBT002 - Litestar passes it by name
) -> CommitEnvelope:
    """Store several versions, and append events to a journal, in one transaction."""
    result = await creation.commit(data, once, dry_run=dry_run)
    return CommitEnvelope(data=result, meta=meta(dry_run=dry_run))


def _place(version: VersionView) -> str:
    return f"/v1/artifacts/{version.artifact_id}/versions/{version.number}"


ROUTER = Router(path="/", tags=["artifacts"], route_handlers=[create_version, create_batch, commit])
