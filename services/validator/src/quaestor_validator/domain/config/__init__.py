"""What an audit looks for, and what its findings weigh."""

from quaestor_validator.domain.config.plan import Plan, plan_of
from quaestor_validator.domain.config.settle import settle

__all__ = ["Plan", "plan_of", "settle"]
