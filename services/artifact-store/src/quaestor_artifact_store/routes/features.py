"""Features over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from quaestor_artifact_store.routes.filters import Include
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.features import FeatureService
from quaestor_shared.contracts.features import (
    FeatureEnvelope,
    FeatureListEnvelope,
    FeaturePurgeEnvelope,
    FeatureState,
)
from quaestor_shared.service.parameters import Count, Cursor, Limit
from quaestor_shared.service.replies import meta, next_link, page, read_cursor

__all__ = ["ROUTER"]

Features = NamedDependency[FeatureService]
State = Annotated[
    FeatureState, QueryParameter(name="state", description="Live features, or deleted ones.")
]
_FEATURE = "/v1/features/{feature_id:str}"


@get("/v1/features", operation_id="list-features")
async def list_features(
    request: Request[Any, Any, Any],
    features: Features,
    in_state: State = FeatureState.LIVE,
    count: Count = False,  # noqa: FBT002 - Litestar passes it by name
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[FeatureListEnvelope]:
    """List features by their ids, with counts of what they hold."""
    key = read_cursor(cursor, (str,), bound_to=in_state)
    after = key[0] if key else ""
    found, total = await features.listing(in_state, after, limit + 1, count=count)
    listed, pagination = page(
        found, limit, lambda one: (one.feature_id,), bound_to=in_state, total=total
    )
    return Response(
        FeatureListEnvelope(data=listed, meta=meta(pagination)),
        headers=next_link(f"{request.url.path}?{request.url.query}", pagination.next),
    )


@get(_FEATURE, operation_id="read-feature")
async def read_feature(
    feature_id: FromPath[str], features: Features, include: Include = None
) -> FeatureEnvelope:
    """Read a feature with counts of what it holds."""
    feature = await features.read(feature_id, deleted=include is not None)
    return FeatureEnvelope(data=feature, meta=meta())


@delete(_FEATURE, operation_id="delete-feature", status_code=200)
async def delete_feature(
    feature_id: FromPath[str], features: Features, once: OnceOnly
) -> FeatureEnvelope:
    """Delete a feature softly: its artifacts and journals are hidden, and nothing is written."""
    return FeatureEnvelope(data=await features.delete(feature_id, once), meta=meta())


@post(f"{_FEATURE}/restorations", operation_id="restore-feature", status_code=200)
async def restore_feature(
    feature_id: FromPath[str], features: Features, once: OnceOnly
) -> FeatureEnvelope:
    """Bring a deleted feature back: what was visible before is again, and no more."""
    return FeatureEnvelope(data=await features.restore(feature_id, once), meta=meta())


@post(f"{_FEATURE}/purges", operation_id="purge-feature", status_code=200)
async def purge_feature(
    feature_id: FromPath[str], features: Features, once: OnceOnly
) -> FeaturePurgeEnvelope:
    """Remove for good what a deleted feature holds, sessions too; its id stays taken."""
    return FeaturePurgeEnvelope(data=await features.purge(feature_id, once), meta=meta())


ROUTER = Router(
    path="/",
    tags=["features"],
    route_handlers=[list_features, read_feature, delete_feature, restore_feature, purge_feature],
)
