"""HTTP in, Structs out: validation, batches, comparison, schemas, rules."""

from quaestor_validator.routes import batches, diffs, rules, schemas, validation

__all__ = ["ROUTES"]

ROUTES = (
    *validation.ROUTES,
    *batches.ROUTES,
    *diffs.ROUTES,
    *schemas.ROUTES,
    *rules.ROUTES,
)
