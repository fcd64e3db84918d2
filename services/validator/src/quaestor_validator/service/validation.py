"""The audit of documents, readable from top to bottom."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_shared.errors import InvalidInput, QuaestorError
from quaestor_validator.domain.narrative import narrative_findings
from quaestor_validator.domain.report import report
from quaestor_validator.domain.rules import rule_findings
from quaestor_validator.domain.schema_findings import schema_findings
from quaestor_validator.schemas import Schema, Schemas
from quaestor_validator.service.submissions import (
    Submission,
    instance_of,
    read_document,
    read_request,
)
from quaestor_validator.service.user_checks import UserChecks

__all__ = ["Outcome", "ValidationService"]

# Below this, a check takes about a millisecond, and a thread costs more than it gives.
INLINE_BYTES = 65_536
# Large checks at once. They share the interpreter, so more would only take more memory.
LARGE_CHECKS = 2
T = TypeVar("T")
Outcome = ValidationReport | QuaestorError


class ValidationService:
    """Checks documents against schemas, rules and narratives. Keeps nothing of them."""

    def __init__(self, schemas: Schemas, users: UserChecks) -> None:
        self._schemas = schemas
        self._users = users
        self._large = asyncio.Semaphore(LARGE_CHECKS)

    async def validate(self, body: bytes, options: ValidateRequest | None) -> ValidationReport:
        """Check a ValidateRequest, or, with options that name a schema, the document itself.

        Raises MalformedBody for what is not JSON, InvalidInput for what is no ValidateRequest,
        NotFound for an unknown schema, BadRequest for a check that goes over its limit.
        """
        submitted = (
            await self.off_loop(len(body), lambda: read_request(body))
            if options is None
            else read_document(body, options)
        )
        (outcome,) = await self.outcomes([submitted])
        if isinstance(outcome, QuaestorError):
            raise outcome
        return outcome

    async def outcomes(
        self, submissions: Sequence[Submission], *, bounded: bool = True
    ) -> list[Outcome]:
        """Give a report for each submission, or the error that keeps it from getting one.

        They are `bounded` in time together where somebody waits for all of them.
        """
        size = sum(len(each.instance) for each in submissions)
        ours = await self.off_loop(size, lambda: [self._ours(each) for each in submissions])
        others = [each for each, done in zip(submissions, ours, strict=True) if done is None]
        theirs = iter(await self._users.reports(others, bounded=bounded) if others else ())
        return [next(theirs) if done is None else done for done in ours]

    async def off_loop(self, size: int, work: Callable[[], T]) -> T:
        """Do work on so many bytes, in a thread where they are many."""
        if size <= INLINE_BYTES:
            return work()
        async with self._large:
            return await asyncio.to_thread(work)

    def _ours(self, submitted: Submission) -> Outcome | None:
        """Check by a built-in schema. Gives None for what is left to a worker."""
        if not self._schemas.has(submitted.name):
            return _refused(submitted)
        try:
            return self._audit(submitted)
        except QuaestorError as error:
            return error

    def _audit(self, submitted: Submission) -> ValidationReport | None:
        schema = self._schemas.find(submitted.name, submitted.version)
        instance = instance_of(submitted)
        if len(submitted.instance) > INLINE_BYTES and not schema.is_valid(instance):
            return None  # there may be a fault for every few bytes
        request = msgspec.structs.replace(submitted.request, instance=instance)
        findings = _findings(request, schema)
        return report(findings, schema=schema.label, most=request.max_findings)


def _refused(submitted: Submission) -> InvalidInput | None:
    """Refuse a narrative with a user's schema: nobody knows what its decisions are."""
    if submitted.request.narrative is None:
        return None
    message = "goes with a built-in schema only; leave it out"
    return InvalidInput(
        "There is no rule for this schema's narratives.",
        details=[ErrorDetail(field="/narrative", message=message)],
    )


def _findings(request: ValidateRequest, schema: Schema) -> list[Finding]:
    """Check in three steps, the next only when the one before leaves it ground to stand on."""
    faults = schema_findings(schema.faults(request.instance))
    if faults:
        return faults
    artifact = msgspec.convert(request.instance, schema.contract)
    findings = rule_findings(artifact)
    if request.narrative is not None:
        findings += narrative_findings(artifact, request.narrative)
    return findings
