"""The families that rules come in: the part of a code before its slash."""

from quaestor_validator.domain.rules import RULES

__all__ = ["FAMILIES", "GIVEN", "NARRATIVE"]

FAMILIES = frozenset(rule.code.partition("/")[0] for rule in RULES)
GIVEN = frozenset({"json", "schema"})
NARRATIVE = frozenset({"narrative"})
