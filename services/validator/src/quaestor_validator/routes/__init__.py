"""HTTP in, Structs out: validation, fixes, batches, comparison, schemas, rules."""

from quaestor_validator.routes import (
    batches,
    compatibility,
    diffs,
    fixes,
    rules,
    schemas,
    validation,
)

__all__ = ["ROUTES"]

ROUTES = (
    *validation.ROUTES,
    *batches.ROUTES,
    *fixes.ROUTES,
    *diffs.ROUTES,
    *compatibility.ROUTES,
    *schemas.ROUTES,
    *rules.ROUTES,
)
