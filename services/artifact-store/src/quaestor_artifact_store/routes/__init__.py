"""HTTP in, Structs out: artifacts, versions, contents, and the services' journals."""

from litestar import Router
from litestar.di import Provide

from quaestor_artifact_store.routes import artifacts, contents, events, journals, search, versions
from quaestor_artifact_store.routes.once import provide_once

__all__ = ["ROUTES"]

_RESOURCES = (artifacts, versions, contents, journals, events, search)
ROUTES = (
    Router(
        path="/",
        route_handlers=[resource.ROUTER for resource in _RESOURCES],
        dependencies={"once": Provide(provide_once)},
    ),
)
