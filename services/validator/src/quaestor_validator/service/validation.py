"""The audit of documents, readable from top to bottom."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

import msgspec

from quaestor_shared.clock import Clock
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_shared.errors import InvalidInput, PayloadTooLarge, QuaestorError
from quaestor_validator.domain.audit import Subject, audit
from quaestor_validator.domain.config import plan_of
from quaestor_validator.domain.report import report
from quaestor_validator.domain.settled import Settled
from quaestor_validator.schemas import Schema, Schemas
from quaestor_validator.service.submissions import (
    Submission,
    instance_of,
    read_document,
    read_request,
    twice_in_document,
)
from quaestor_validator.service.user_checks import Said, UserChecks

__all__ = ["INLINE_BYTES", "Audited", "Outcome", "ValidationService", "report_on", "subject_of"]

# Below this, a check takes some milliseconds at the worst, and a thread costs more than it gives.
INLINE_BYTES = 8_192
# Large checks at once. They share the interpreter, so more would only take more memory.
LARGE_CHECKS = 2
T = TypeVar("T")
Outcome = ValidationReport | QuaestorError


class Audited(NamedTuple):
    """What was found, and what the schema is called."""

    settled: Settled
    label: str


class ValidationService:
    """Checks documents against schemas, rules and narratives. Keeps nothing of them."""

    def __init__(
        self, schemas: Schemas, users: UserChecks, clock: Clock, *, max_narrative: int
    ) -> None:
        self._schemas = schemas
        self._max_narrative = max_narrative
        self._users = users
        self._clock = clock
        self._large = asyncio.Semaphore(LARGE_CHECKS)

    async def validate(self, body: bytes, options: ValidateRequest | None) -> ValidationReport:
        """Check a ValidateRequest, or, with options that name a schema, the document itself.

        Raises MalformedBody for what is not JSON, InvalidInput for what is no ValidateRequest or
        has a configuration that cannot be used, NotFound for an unknown schema, PayloadTooLarge
        for a narrative that is, BadRequest for a check that goes over its limit.
        """
        submitted = await self.read(body, options)
        (outcome,) = await self.outcomes([submitted])
        if isinstance(outcome, QuaestorError):
            raise outcome
        return outcome

    async def read(self, body: bytes, options: ValidateRequest | None) -> Submission:
        """Read what was sent, as `validate` takes it."""
        if options is not None:
            return read_document(body, options)
        return await self.off_loop(len(body), lambda: read_request(body))

    async def outcomes(
        self, submissions: Sequence[Submission], *, bounded: bool = True
    ) -> list[Outcome]:
        """Give a report for each submission, or the error that keeps it from getting one.

        They are `bounded` in time together where somebody waits for all of them.
        """
        audited = await self.audited(submissions, bounded=bounded)

        def reports() -> list[Outcome]:
            return [
                each if isinstance(each, QuaestorError) else report_on(submitted, each)
                for submitted, each in zip(submissions, audited, strict=True)
            ]

        return await self.off_loop(_size(submissions), reports)

    async def audited(
        self, submissions: Sequence[Submission], *, bounded: bool = True
    ) -> list[Audited | QuaestorError]:
        """Audit each submission, those by users' schemas in the workers."""
        size = _size(submissions)
        ours = await self.off_loop(size, lambda: [self._ours(each) for each in submissions])
        others = [each for each, done in zip(submissions, ours, strict=True) if done is None]
        if not others:
            return [done for done in ours if done is not None]
        said = await self._users.verdicts(others, bounded=bounded)
        theirs = iter(
            await self.off_loop(
                _size(others),
                lambda: [self._theirs(*each) for each in zip(others, said, strict=True)],
            )
        )
        return [next(theirs) if done is None else done for done in ours]

    async def off_loop(self, size: int, work: Callable[[], T]) -> T:
        """Do work on so many bytes, in a thread where they are many."""
        if size <= INLINE_BYTES:
            return work()
        async with self._large:
            return await asyncio.to_thread(work)

    def _ours(self, submitted: Submission) -> Audited | QuaestorError | None:
        """Audit by a built-in schema. Gives None for what is left to a worker."""
        if too_long := _too_long(submitted, self._max_narrative):
            return too_long
        if not self._schemas.has(submitted.name):
            return _refused(submitted)
        try:
            schema = self._schemas.find(submitted.name, submitted.version)
            return self._audited(submitted, subject_of(submitted, schema), schema.label)
        except QuaestorError as error:
            return error

    def _theirs(self, submitted: Submission, said: Said | QuaestorError) -> Audited | QuaestorError:
        """Go on from what a worker said."""
        if isinstance(said, QuaestorError):
            return said
        verdict = said.verdict
        instance = msgspec.json.decode(submitted.instance) if verdict.faults else None
        twice = twice_in_document(submitted) if verdict.twice else ()
        subject = Subject(
            instance, verdict.faults, twice, has_rules=False, left_out=verdict.left_out
        )
        try:
            return self._audited(submitted, subject, said.label)
        except QuaestorError as error:
            return error

    def _audited(self, submitted: Submission, subject: Subject, label: str) -> Audited:
        request = submitted.request
        plan = plan_of(request.config, request.sidecar, subject.feature)
        today = date.fromisoformat(self._clock()[:10])
        return Audited(audit(subject, plan, today), label)


def subject_of(submitted: Submission, schema: Schema) -> Subject:
    """Read what is to be audited by a built-in schema. Raises MalformedBody."""
    narrative = submitted.request.narrative
    if submitted.request.instance is None:
        artifact = schema.read(submitted.instance)
        if artifact is not None:
            read = partial(msgspec.json.decode, submitted.instance)
            return Subject.valid(artifact, read, narrative)
    instance, twice = instance_of(submitted)
    return Subject(instance, schema.faults(instance), twice, narrative)


def report_on(submitted: Submission, audited: Audited) -> ValidationReport:
    """Report an audit to the sender."""
    return report(
        audited.settled,
        submitted.sent,
        schema=audited.label,
        most=submitted.request.max_findings,
    )


def _size(submissions: Sequence[Submission]) -> int:
    return sum(len(each.instance) + len(each.request.narrative or "") for each in submissions)


def _too_long(submitted: Submission, most: int) -> PayloadTooLarge | None:
    """Refuse a narrative that would take many seconds to compare."""
    size = len(submitted.request.narrative or "")
    if size <= most:
        return None
    message = f"has {size} characters; at most {most} are compared"
    return PayloadTooLarge(
        "The narrative is too long.", details=[ErrorDetail(field="/narrative", message=message)]
    )


def _refused(submitted: Submission) -> InvalidInput | None:
    """Refuse a narrative with a user's schema: nobody knows what its decisions are."""
    if submitted.request.narrative is None:
        return None
    message = "goes with a built-in schema only; leave it out"
    return InvalidInput(
        "There is no rule for this schema's narratives.",
        details=[ErrorDetail(field="/narrative", message=message)],
    )
