"""Garbage collection over HTTP: internal, for whoever runs the store."""

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quaestor_artifact_store.service.collecting import CollectionService
from quaestor_shared.contracts.collections import CollectionEnvelope, CreateCollection
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Collections = NamedDependency[CollectionService]


@post(
    "/v1/collections",
    operation_id="collect",
    dto=StrictBody[CreateCollection],
    return_dto=None,
    status_code=200,
)
async def collect(
    data: JSONBody[CreateCollection], collections: Collections
) -> Response[CollectionEnvelope]:
    """Mark contents that nothing names, and remove those marked a grace period ago."""
    done = await collections.collect(data.grace_s, dry_run=data.dry_run)
    return Response(CollectionEnvelope(data=done, meta=meta()))


ROUTER = Router(path="/", tags=["operation"], route_handlers=[collect])
