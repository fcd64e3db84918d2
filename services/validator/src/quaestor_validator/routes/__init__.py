"""HTTP in, Structs out: validation, comparison, schemas, rules."""

from quaestor_validator.routes import diffs, rules, schemas, validation

__all__ = ["ROUTES"]

ROUTES = (*validation.ROUTES, *diffs.ROUTES, *schemas.ROUTES, *rules.ROUTES)
