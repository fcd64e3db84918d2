"""Approvals over HTTP: given, read, withdrawn."""

from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.approvals import ApprovalService
from quaestor_shared.contracts.approvals import ApprovalEnvelope, CreateApproval
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Approvals = NamedDependency[ApprovalService]
_OF_VERSION = "/v1/artifacts/{artifact_id:str}/versions/{expression:str}/approvals"
_ONE = "/v1/artifacts/{artifact_id:str}/approvals/{approval_id:str}"


@post(
    _OF_VERSION,
    operation_id="approve-version",
    dto=StrictBody[CreateApproval],
    return_dto=None,
    responses={200: ResponseSpec(ApprovalEnvelope, description="Given before by the same")},
)
async def approve_version(
    artifact_id: FromPath[str],
    expression: FromPath[str],
    data: JSONBody[CreateApproval],
    approvals: Approvals,
    once: OnceOnly,
) -> Response[ApprovalEnvelope]:
    """Approve what a version contains; 412 when that is another digest than the one sent."""
    approval = await approvals.grant(artifact_id, expression, data, once)
    return Response(
        ApprovalEnvelope(data=approval, meta=meta()),
        status_code=201 if approval.created else 200,
        headers={"Location": f"/v1/artifacts/{approval.artifact_id}/approvals/{approval.id}"},
    )


@get(_ONE, operation_id="read-approval")
async def read_approval(
    artifact_id: FromPath[str], approval_id: FromPath[str], approvals: Approvals
) -> ApprovalEnvelope:
    """Read an approval, withdrawn or not."""
    return ApprovalEnvelope(data=await approvals.read(artifact_id, approval_id), meta=meta())


@delete(_ONE, operation_id="withdraw-approval", status_code=200)
async def withdraw_approval(
    artifact_id: FromPath[str], approval_id: FromPath[str], approvals: Approvals, once: OnceOnly
) -> ApprovalEnvelope:
    """Withdraw an approval; who did and when stays on record."""
    approval = await approvals.withdraw(artifact_id, approval_id, once)
    return ApprovalEnvelope(data=approval, meta=meta())


ROUTER = Router(
    path="/",
    tags=["approvals"],
    route_handlers=[approve_version, read_approval, withdraw_approval],
)
