"""What changed between two artifacts, and which of it breaks something."""

from quaestor_validator.domain.diff.report import diff_report
from quaestor_validator.domain.diff.rules import DIFF_RULES

__all__ = ["DIFF_RULES", "diff_report"]
