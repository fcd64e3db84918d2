"""Comparisons of versions over HTTP."""

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from quaestor_artifact_store.service.comparisons import ComparisonService
from quaestor_shared.contracts.comparisons import ComparisonEnvelope
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Comparisons = NamedDependency[ComparisonService]
Before = Annotated[
    str, QueryParameter(name="from", max_length=200, description="A version expression.")
]
After = Annotated[
    str, QueryParameter(name="to", max_length=200, description="A version expression.")
]


@get("/v1/artifacts/{artifact_id:str}/diff", operation_id="compare-versions")
async def compare_versions(
    artifact_id: FromPath[str], comparisons: Comparisons, before: Before, after: After = "latest"
) -> ComparisonEnvelope:
    """Compare two versions: JSON by pointer, Markdown by section, other texts by line."""
    found = await comparisons.compare(artifact_id, before, after)
    return ComparisonEnvelope(data=found, meta=meta())


ROUTER = Router(path="/", tags=["comparisons"], route_handlers=[compare_versions])
