"""Checks by users' schemas, registered or inline: what the workers say, as clients get it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.validation import Formats
from quaestor_shared.errors import (
    BadRequest,
    InvalidInput,
    MalformedBody,
    QuaestorError,
)
from quaestor_shared.telemetry.logging import get_logger
from quaestor_validator.domain.references import BASE
from quaestor_validator.domain.schema_index import canonical
from quaestor_validator.registry import SchemaRegistry
from quaestor_validator.service.submissions import Submission
from quaestor_validator.workers.pool import WorkerPool
from quaestor_validator.workers.process import Limits
from quaestor_validator.workers.protocol import BadSchema, Defect, Job, Schema, Unread, Verdict
from quaestor_validator.workers.turn import Answer, Exceeded

__all__ = ["INLINE", "Said", "Target", "UserChecks"]

INLINE = "inline"
_log = get_logger(__name__)


class Target(NamedTuple):
    """The schema of a check: what a report calls it, and what a worker gets."""

    label: str
    schema: str | Schema


class Said(NamedTuple):
    """A worker's verdict, and what the schema is called."""

    label: str
    verdict: Verdict


class UserChecks:
    """Sends checks to the workers."""

    def __init__(
        self,
        pool: WorkerPool,
        registry: SchemaRegistry,
        limits: Limits,
        *,
        batch_seconds: float,
    ) -> None:
        self._pool = pool
        self._registry = registry
        self._limits = limits
        self._batch_seconds = batch_seconds

    async def verdicts(
        self, submissions: Sequence[Submission], *, bounded: bool
    ) -> list[Said | QuaestorError]:
        """Give a verdict on each submission, or the error that keeps it from getting one.

        They are `bounded` in time together where somebody waits for all of them.
        """
        targets: dict[str, Target | QuaestorError] = {}
        for submitted in submissions:
            if submitted.schema is None and submitted.schema_name not in targets:
                targets[submitted.schema_name] = await self._target(submitted)
        found = [_inline(each) or targets[each.schema_name] for each in submissions]
        jobs = [
            _job(each, target)
            for each, target in zip(submissions, found, strict=True)
            if isinstance(target, Target)
        ]
        seconds = self._batch_seconds if bounded else None
        try:
            answers = iter(await self._pool.run(jobs, self._registry, seconds=seconds))
        except QuaestorError as error:  # no worker is free, or a schema cannot be read
            return [error if isinstance(target, Target) else target for target in found]
        return [
            self._said(each, target, next(answers)) if isinstance(target, Target) else target
            for each, target in zip(submissions, found, strict=True)
        ]

    async def check_schema(self, base: str, text: bytes) -> None:
        """Check a schema itself. Raises InvalidInput with every fault at its place."""
        job = Job(schema=Schema(base=base, text=text), instance=None)
        (answer,) = await self._pool.run([job], self._registry)
        if not isinstance(answer, Verdict):
            raise self._error(answer, "")

    async def _target(self, submitted: Submission) -> Target | QuaestorError:
        try:
            label = await self._registry.label(submitted.name, submitted.version)
        except QuaestorError as error:
            return error
        return Target(label, canonical(label))

    def _said(self, submitted: Submission, target: Target, answer: Answer) -> Said | QuaestorError:
        if not isinstance(answer, Verdict):
            return self._error(answer, "/schema" if submitted.schema is not None else "")
        return Said(target.label, answer)

    def _error(self, answer: Answer, place: str) -> QuaestorError:
        """Say what a worker's word means to the sender; its schema stands at `place`."""
        if isinstance(answer, BadSchema):
            return InvalidInput(
                "The schema is not one that can be used.",
                details=[
                    msgspec.structs.replace(fault, field=place + fault.field)
                    for fault in answer.faults
                ],
            )
        if isinstance(answer, Unread):
            return MalformedBody(answer.message, details=answer.faults)
        if isinstance(answer, Exceeded):
            return self._exceeded(answer)
        _log.error("defect", trace=answer.trace if isinstance(answer, Defect) else repr(answer))
        return QuaestorError("Something went wrong on our side; the correlation id tells our log.")

    def _exceeded(self, answer: Exceeded) -> QuaestorError:
        seconds, memory = self._limits.seconds, self._limits.memory_bytes
        batch = self._batch_seconds
        what: dict[str, tuple[str, dict[str, Any]]] = {
            "time": (f"more than {seconds:g} seconds", {"seconds": seconds}),
            "memory": (f"more than {memory} bytes of memory", {"bytes": memory}),
            "stack": ("more depth than there is", {}),
            "batch": (f"more than its batch has: {batch:g} seconds", {"seconds": batch}),
        }
        words, facts = what[answer.limit]
        return BadRequest(
            f"Checking this document by this schema takes {words}. Make the schema simpler, "
            "above all nested alternatives, or the document smaller.",
            code=ErrorCode.SCHEMA_LIMIT_EXCEEDED,
            status=422,
            details=[ErrorDetail(field="", message=f"over the limit of {answer.limit}")],
            meta={"limit": answer.limit, **facts},
        )


def _inline(submitted: Submission) -> Target | None:
    if submitted.schema is None:
        return None
    schema = submitted.request.schema
    name = schema.get("$id") if isinstance(schema, dict) else None
    label = name[:200] if isinstance(name, str) else INLINE
    return Target(label, Schema(base=BASE + INLINE, text=submitted.schema))


def _job(submitted: Submission, target: Target) -> Job:
    request = submitted.request
    return Job(
        schema=target.schema,
        instance=submitted.instance,
        formats=request.formats is Formats.ASSERT,
        most=request.max_findings,
    )
