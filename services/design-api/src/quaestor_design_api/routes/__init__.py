"""HTTP in, Structs out: sessions, turns, Finalize."""

from quaestor_design_api.routes import sessions, turns

__all__ = ["ROUTES"]

ROUTES = (*sessions.ROUTES, *turns.ROUTES)
