"""HTTP in, Structs out: validation, batches, comparison, schemas, rules."""

from quaestor_validator.routes import batches, compatibility, diffs, rules, schemas, validation

__all__ = ["ROUTES"]

ROUTES = (
    *validation.ROUTES,
    *batches.ROUTES,
    *diffs.ROUTES,
    *compatibility.ROUTES,
    *schemas.ROUTES,
    *rules.ROUTES,
)
