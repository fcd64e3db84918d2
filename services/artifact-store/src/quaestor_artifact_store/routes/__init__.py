"""HTTP in, Structs out: one module for each kind of thing."""

from litestar import Router
from litestar.di import Provide

from quaestor_artifact_store.routes import (
    archives,
    artifacts,
    audit,
    blobs,
    comparisons,
    contents,
    deliveries,
    events,
    files,
    journal_events,
    journals,
    search,
    sections,
    versions,
    webhooks,
)
from quaestor_artifact_store.routes.once import provide_once

__all__ = ["ROUTES"]

_RESOURCES = (
    archives,
    artifacts,
    versions,
    contents,
    blobs,
    files,
    sections,
    comparisons,
    search,
    journals,
    journal_events,
    audit,
    events,
    webhooks,
    deliveries,
)
ROUTES = (
    Router(
        path="/",
        route_handlers=[resource.ROUTER for resource in _RESOURCES],
        dependencies={"once": Provide(provide_once)},
    ),
)
