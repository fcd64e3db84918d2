"""The rules over HTTP."""

from litestar import get

from quaestor_shared.contracts.validation import RuleListEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.service.rules import rule_views

__all__ = ["ROUTES"]


@get("/v1/rules", operation_id="list-rules", tags=["rules"], summary="List rules")
async def list_rules() -> RuleListEnvelope:
    """List every rule, by code."""
    return RuleListEnvelope(data=rule_views(), meta=meta())


ROUTES = (list_rules,)
