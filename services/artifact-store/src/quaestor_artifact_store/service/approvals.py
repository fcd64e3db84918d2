"""What can be done with approvals: given, read, listed, withdrawn."""

from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.content import checked_id
from quaestor_artifact_store.domain.expressions import read_expression
from quaestor_artifact_store.repository import approvals
from quaestor_artifact_store.repository.rows import Page
from quaestor_artifact_store.service.once import Once
from quaestor_shared.contracts.approvals import ApprovalView, CreateApproval

__all__ = ["ApprovalService"]


class ApprovalService:
    """Approvals, each bound to a digest of an artifact. All raise NotFound and Gone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def grant(
        self, artifact_id: str, expression: str, request: CreateApproval, once: Once
    ) -> ApprovalView:
        """Approve what a version contains. Raises VersionMismatch when that has another digest."""
        key, which = checked_id(artifact_id, "artifact"), read_expression(expression)
        return await once.write(
            self._database, lambda tx: approvals.grant(tx, key, which, request), ApprovalView
        )

    async def read(self, artifact_id: str, approval_id: str) -> ApprovalView:
        """Read an approval, withdrawn or not."""
        key, approval = checked_id(artifact_id, "artifact"), checked_id(approval_id, "approval")
        return await self._database.read(lambda c: approvals.read(c, key, approval))

    async def listing(
        self, artifact_id: str, page: Page, *, withdrawn: bool = False
    ) -> list[ApprovalView]:
        """List an artifact's approvals, newest first; the withdrawn ones only where asked for."""
        key = checked_id(artifact_id, "artifact")
        return await self._database.read(
            lambda c: approvals.listing(c, key, page, withdrawn=withdrawn)
        )

    async def of_version(self, artifact_id: str, expression: str, page: Page) -> list[ApprovalView]:
        """List the live approvals of what a version contains, newest first."""
        key, which = checked_id(artifact_id, "artifact"), read_expression(expression)
        return await self._database.read(lambda c: approvals.of_version(c, key, which, page))

    async def withdraw(self, artifact_id: str, approval_id: str, once: Once) -> ApprovalView:
        """Withdraw an approval."""
        key, approval = checked_id(artifact_id, "artifact"), checked_id(approval_id, "approval")
        return await once.write(
            self._database, lambda tx: approvals.withdraw(tx, key, approval), ApprovalView
        )
