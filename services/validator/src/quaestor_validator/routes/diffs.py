"""Comparisons over HTTP."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quaestor_shared.contracts.diffs import ChangeRuleListEnvelope, DiffEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import DiffBody
from quaestor_validator.service.diffs import DiffService

__all__ = ["ROUTES"]


@post(
    "/v1/diff",
    status_code=200,
    operation_id="diff",
    tags=["diff"],
    summary="Compare two artifacts",
    dto=DiffBody,
    return_dto=None,
)
async def diff(data: JSONBody[bytes], diffs: NamedDependency[DiffService]) -> DiffEnvelope:
    """Tell what changed from one artifact to another, and which of it breaks what relied on it.

    The answer is 200 whatever changed; `data.passed` tells the verdict.
    """
    return DiffEnvelope(data=await diffs.diff(data), meta=meta())


@get("/v1/diff/rules", operation_id="list-diff-rules", tags=["diff"], summary="List codes")
async def list_diff_rules(diffs: NamedDependency[DiffService]) -> ChangeRuleListEnvelope:
    """List every code that a change can have, with its kind and its page."""
    return ChangeRuleListEnvelope(data=diffs.rules(), meta=meta())


ROUTES = (diff, list_diff_rules)
