"""The rules and the presets over HTTP."""

from litestar import get

from quaestor_shared.contracts.configuration import PresetListEnvelope
from quaestor_shared.contracts.validation import RuleListEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.service.rules import preset_views, rule_views

__all__ = ["ROUTES"]


@get("/v1/rules", operation_id="list-rules", tags=["rules"], summary="List rules")
async def list_rules() -> RuleListEnvelope:
    """List every rule, by code, with its options and its level in each preset."""
    return RuleListEnvelope(data=rule_views(), meta=meta())


@get("/v1/presets", operation_id="list-presets", tags=["rules"], summary="List presets")
async def list_presets() -> PresetListEnvelope:
    """List the presets, from the least to the most, with the level of every rule."""
    return PresetListEnvelope(data=preset_views(), meta=meta())


ROUTES = (list_rules, list_presets)
