"""Two schemas compared: which data the one loses that the other took."""

from collections.abc import Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.compatibility import (
    CompatibilityReport,
    CompatibilityRequest,
    Direction,
)
from quaestor_shared.errors import InvalidInput
from quaestor_shared.service import strict_json
from quaestor_shared.telemetry.logging import get_logger
from quaestor_validator.domain.compatibility.report import Found, compatibility_report
from quaestor_validator.domain.references import BASE
from quaestor_validator.domain.schema_index import canonical
from quaestor_validator.registry import SchemaRegistry
from quaestor_validator.service.submissions import named_version
from quaestor_validator.service.user_checks import INLINE, Target, UserChecks
from quaestor_validator.workers.pool import WorkerPool
from quaestor_validator.workers.protocol import Compare, Compared, Defect, Schema
from quaestor_validator.workers.turn import Answer

__all__ = ["CompatibilityService"]

_log = get_logger(__name__)
_request = msgspec.json.Decoder(CompatibilityRequest)
_STOPPED = "the comparison took more than it may: nothing is proved"


class CompatibilityService:
    """Compares schemas in the workers. Keeps nothing of them."""

    def __init__(self, pool: WorkerPool, registry: SchemaRegistry, checks: UserChecks) -> None:
        self._pool = pool
        self._registry = registry
        self._checks = checks

    async def compare(self, body: bytes) -> CompatibilityReport:
        """Compare the two schemas of a CompatibilityRequest.

        Raises MalformedBody, InvalidInput with every fault of the request or of a schema in it,
        NotFound for a schema that is not there, Unavailable when no worker is free.
        """
        request = strict_json.decode(body, _request, nul=True)
        before = await self._target("before", request.before)
        after = await self._target("after", request.after)
        pairs = {
            Direction.BACKWARD: (before.schema, after.schema),
            Direction.FORWARD: (after.schema, before.schema),
        }
        # Each search is a job of its own: what one of them breaks costs the others nothing.
        jobs = [
            Compare(old=old, new=new, prove=prove)
            for old, new in pairs.values()
            for prove in (False, True)
        ]
        answers = await self._pool.run(jobs, self._registry)
        found = {Direction.BACKWARD: _found(answers[:2]), Direction.FORWARD: _found(answers[2:])}
        return compatibility_report(
            found, before=before.label, after=after.label, most=request.max_breaks
        )

    async def _target(self, side: str, schema: Any) -> Target:  # noqa: ANN401 - a name or a schema
        """Find a schema, or check the one that is inline; faults are placed in the request."""
        try:
            if isinstance(schema, str):
                label = await self._registry.label(*named_version(schema))
                return Target(label, canonical(label))
            inline = Schema(base=BASE + INLINE, text=msgspec.json.encode(schema))
            await self._checks.check_schema(inline.base, inline.text)
            return Target(INLINE, inline)
        except InvalidInput as error:
            details = [
                msgspec.structs.replace(fault, field=f"/{side}{fault.field}")
                for fault in error.details
            ]
            raise InvalidInput(error.message, details=details) from error


def _found(answers: Sequence[Answer]) -> Found:
    """Put the search for instances and that for a proof together."""
    lost, proof = answers
    for answer in answers:
        if isinstance(answer, Defect):
            _log.error("defect", trace=answer.trace)
    return Found(
        lost=lost.lost if isinstance(lost, Compared) else (),
        unproved=proof.unproved if isinstance(proof, Compared) else (),
        stopped=None if isinstance(proof, Compared) else _STOPPED,
    )
