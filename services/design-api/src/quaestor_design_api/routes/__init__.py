"""HTTP in, Structs out: sessions, turns, Finalize."""

from quaestor_design_api.routes import drafts, sessions, turns

__all__ = ["ROUTES"]

ROUTES = (sessions.ROUTER, drafts.ROUTER, turns.ROUTER)
