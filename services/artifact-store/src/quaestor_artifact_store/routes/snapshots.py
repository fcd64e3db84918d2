"""The snapshots of a journal over HTTP: internal, for the services alone."""

from typing import Annotated

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter

from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.journals import JournalService
from quaestor_shared.contracts.journals import PutSnapshot, SnapshotEnvelope
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Journals = NamedDependency[JournalService]
_SNAPSHOTS = "/v1/journals/{journal_id:str}/snapshots"


@put(
    f"{_SNAPSHOTS}/{{version:int}}",
    operation_id="put-snapshot",
    dto=StrictBody[PutSnapshot],
    return_dto=None,
)
async def put_snapshot(
    journal_id: FromPath[str],
    version: Annotated[int, PathParameter(ge=1, le=2**53)],
    data: JSONBody[PutSnapshot],
    journals: Journals,
    once: OnceOnly,
) -> SnapshotEnvelope:
    """Keep what the events up to a version come to; older snapshots go."""
    snapshot = await journals.put_snapshot(journal_id, version, data, once)
    return SnapshotEnvelope(data=snapshot, meta=meta())


@get(f"{_SNAPSHOTS}/latest", operation_id="read-snapshot")
async def read_snapshot(journal_id: FromPath[str], journals: Journals) -> SnapshotEnvelope:
    """Read the newest snapshot."""
    return SnapshotEnvelope(data=await journals.latest_snapshot(journal_id), meta=meta())


ROUTER = Router(path="/", tags=["journals"], route_handlers=[put_snapshot, read_snapshot])
