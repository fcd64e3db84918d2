"""HTTP in, Structs out: one module for each kind of thing."""

from litestar import Router
from litestar.di import Provide

from quaestor_artifact_store.routes import (
    approval_lists,
    approvals,
    archives,
    artifacts,
    audit,
    blobs,
    checkpoint_restorations,
    checkpoints,
    collections,
    comparisons,
    contents,
    creation,
    deliveries,
    events,
    features,
    files,
    journal_events,
    journals,
    kept_replies,
    lifecycle,
    search,
    sections,
    snapshots,
    versions,
    webhooks,
)
from quaestor_artifact_store.routes.once import provide_once, provide_streamed_once

__all__ = ["ROUTES"]

_RESOURCES = (
    archives,
    creation,
    artifacts,
    lifecycle,
    versions,
    approvals,
    approval_lists,
    features,
    checkpoints,
    checkpoint_restorations,
    contents,
    blobs,
    collections,
    files,
    sections,
    comparisons,
    search,
    journals,
    journal_events,
    snapshots,
    kept_replies,
    audit,
    events,
    webhooks,
    deliveries,
)
ROUTES = (
    Router(
        path="/",
        route_handlers=[resource.ROUTER for resource in _RESOURCES],
        dependencies={
            "once": Provide(provide_once),
            "streamed_once": Provide(provide_streamed_once, sync_to_thread=False),
        },
    ),
)
