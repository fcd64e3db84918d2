"""HTTP in, Structs out: sessions, turns, Finalize."""

from litestar import Router
from litestar.di import Provide

from quaestor_design_api.routes import drafts, sessions, turns
from quaestor_design_api.routes.attempt import provide_attempt

__all__ = ["ROUTES"]

ROUTES = (
    Router(
        path="/",
        route_handlers=[sessions.ROUTER, drafts.ROUTER, turns.ROUTER],
        dependencies={"attempt": Provide(provide_attempt)},
    ),
)
