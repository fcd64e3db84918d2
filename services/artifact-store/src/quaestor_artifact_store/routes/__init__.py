"""HTTP in, Structs out: artifacts, versions, contents, and the services' journals."""

from quaestor_artifact_store.routes import artifacts, contents, events, journals, search, versions

__all__ = ["ROUTES"]

ROUTES = (
    artifacts.ROUTER,
    versions.ROUTER,
    contents.ROUTER,
    journals.ROUTER,
    events.ROUTER,
    search.ROUTER,
)
