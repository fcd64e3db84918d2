"""The audit of documents, readable from top to bottom."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from quaestor_shared.clock import Clock
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_shared.errors import InvalidInput, QuaestorError
from quaestor_validator.domain.audit import Subject, audit
from quaestor_validator.domain.config import plan_of
from quaestor_validator.domain.report import report
from quaestor_validator.schemas import Schemas
from quaestor_validator.service.submissions import (
    Submission,
    instance_of,
    read_document,
    read_request,
)
from quaestor_validator.service.user_checks import UserChecks

__all__ = ["INLINE_BYTES", "Outcome", "ValidationService"]

# Below this, a check takes some milliseconds at the worst, and a thread costs more than it gives.
INLINE_BYTES = 8_192
# Large checks at once. They share the interpreter, so more would only take more memory.
LARGE_CHECKS = 2
T = TypeVar("T")
Outcome = ValidationReport | QuaestorError


class ValidationService:
    """Checks documents against schemas, rules and narratives. Keeps nothing of them."""

    def __init__(self, schemas: Schemas, users: UserChecks, clock: Clock) -> None:
        self._schemas = schemas
        self._users = users
        self._clock = clock
        self._large = asyncio.Semaphore(LARGE_CHECKS)

    async def validate(self, body: bytes, options: ValidateRequest | None) -> ValidationReport:
        """Check a ValidateRequest, or, with options that name a schema, the document itself.

        Raises MalformedBody for what is not JSON, InvalidInput for what is no ValidateRequest or
        has a configuration that cannot be used, NotFound for an unknown schema, BadRequest for a
        check that goes over its limit.
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

    def _audit(self, submitted: Submission) -> ValidationReport:
        request = submitted.request
        schema = self._schemas.find(submitted.name, submitted.version)
        instance, twice = instance_of(submitted)
        plan = plan_of(request.config, request.sidecar, instance)
        subject = Subject(instance, schema.faults(instance), twice, request.narrative)
        settled = audit(subject, plan, date.fromisoformat(self._clock()[:10]))
        return report(settled, submitted.sent, schema=schema.label, most=request.max_findings)


def _refused(submitted: Submission) -> InvalidInput | None:
    """Refuse a narrative with a user's schema: nobody knows what its decisions are."""
    if submitted.request.narrative is None:
        return None
    message = "goes with a built-in schema only; leave it out"
    return InvalidInput(
        "There is no rule for this schema's narratives.",
        details=[ErrorDetail(field="/narrative", message=message)],
    )
