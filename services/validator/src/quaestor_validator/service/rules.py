"""The rules, as clients see them."""

from quaestor_shared.contracts.validation import RuleView
from quaestor_validator.domain.narrative import NARRATIVE_RULES
from quaestor_validator.domain.rules import RULES

__all__ = ["rule_views"]


def rule_views() -> tuple[RuleView, ...]:
    """List the rules, by code."""
    views = (*NARRATIVE_RULES, *(rule.view() for rule in RULES))
    return tuple(sorted(views, key=lambda view: view.code))
