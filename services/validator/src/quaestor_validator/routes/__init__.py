"""HTTP in, Structs out: validation, schemas, rules."""

from quaestor_validator.routes import rules, schemas, validation

__all__ = ["ROUTES"]

ROUTES = (*validation.ROUTES, *schemas.ROUTES, *rules.ROUTES)
