"""Comparisons of schemas over HTTP."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quaestor_shared.contracts.compatibility import CompatibilityEnvelope
from quaestor_shared.service.replies import meta
from quaestor_validator.bodies import CompatibilityBody
from quaestor_validator.service.compatibility import CompatibilityService

__all__ = ["ROUTES"]


@post(
    "/v1/schemas/compatibility",
    status_code=200,
    operation_id="compare-schemas",
    tags=["schemas"],
    summary="Compare two schemas",
    dto=CompatibilityBody,
    return_dto=None,
)
async def compare_schemas(
    data: JSONBody[bytes], compatibility: NamedDependency[CompatibilityService]
) -> CompatibilityEnvelope:
    """Tell whether one schema takes what the other takes, both ways, with instances that it loses.

    The answer is 200 whatever the verdict is; where nothing is proved it is `unknown`.
    """
    return CompatibilityEnvelope(data=await compatibility.compare(data), meta=meta())


ROUTES = (compare_schemas,)
