"""Whether a narrative tells what its artifact decides."""

from quaestor_validator.domain.narrative.check import NARRATIVE_RULES, narrative_findings

__all__ = ["NARRATIVE_RULES", "narrative_findings"]
