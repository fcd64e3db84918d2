"""The rules of a backend design: families of pure functions, and the table of all of them.

To add one: write its function in the module of its family, put it into that module's `RULES`,
and write its page in `docs/rules/`. A test holds pages and rules together. Where a fact that
`Design` has rules out any breach, name it in `needs`: the rule is then passed over, and a test
sees to it that this loses nothing.
"""

from quaestor_validator.domain.rules import (
    apis,
    budgets,
    completeness,
    compliance,
    external,
    growth,
    names,
    observability,
    openness,
    payloads,
    personal,
    processes,
    references,
    residency,
    scope,
    service_levels,
    storage,
    usage,
)
from quaestor_validator.domain.rules.base import Rule

__all__ = ["RULES"]

_FAMILIES = (
    apis,
    budgets,
    completeness,
    compliance,
    external,
    growth,
    names,
    observability,
    openness,
    payloads,
    personal,
    processes,
    references,
    residency,
    scope,
    service_levels,
    storage,
    usage,
)
RULES: tuple[Rule, ...] = tuple(
    sorted((rule for family in _FAMILIES for rule in family.RULES), key=lambda rule: rule.code)
)
