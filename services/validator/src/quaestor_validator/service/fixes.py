"""The safe fixes of a document, applied until none is left."""

from typing import NamedTuple

import msgspec

from quaestor_shared.contracts.findings import Source
from quaestor_shared.contracts.fixes import AppliedFix, FixReport
from quaestor_shared.contracts.validation import ValidateRequest
from quaestor_shared.errors import QuaestorError
from quaestor_validator.domain.fixes import adds, applied, chosen
from quaestor_validator.domain.places import Sent
from quaestor_validator.domain.rewriting import rewritten
from quaestor_validator.service.submissions import Submission
from quaestor_validator.service.validation import Audited, ValidationService, report_on

__all__ = ["FixService"]

# Each round is an audit. What one leaves, the next does; few documents need a third.
ROUNDS = 10


class _Step(NamedTuple):
    """A document on the way, its audit, and what was applied to it so far."""

    submitted: Submission
    audited: Audited
    fixes: tuple[AppliedFix, ...] = ()


class FixService:
    """Applies safe fixes. Keeps nothing of the documents."""

    def __init__(self, validation: ValidationService) -> None:
        self._validation = validation

    async def fix(self, body: bytes, options: ValidateRequest | None) -> FixReport:
        """Fix the instance of a ValidateRequest, or, with options, the document itself.

        Raises what a validation raises.
        """
        submitted = _alone(await self._validation.read(body, options))
        step = _Step(submitted, await self._audit(submitted))
        for _ in range(ROUNDS):
            following = await self._next(step)
            if following is None:
                break
            step = following
        return await self._validation.off_loop(len(step.submitted.instance), lambda: _report(step))

    async def _next(self, step: _Step) -> _Step | None:
        """Apply one round; None where there is nothing to do, or it would do harm."""
        size = len(step.submitted.instance)
        submitted = await self._validation.off_loop(size, lambda: _fixed(step))
        if submitted is None:
            return None
        audited = await self._audit(submitted)
        if adds(step.audited.settled, audited.settled):
            return None
        done = tuple(applied(found) for found in chosen(step.audited.settled))
        return _Step(submitted, audited, (*step.fixes, *done))

    async def _audit(self, submitted: Submission) -> Audited:
        (audited,) = await self._validation.audited([submitted])
        if isinstance(audited, QuaestorError):
            raise audited
        return audited


def _fixed(step: _Step) -> Submission | None:
    """Give the document with the next fixes applied, as if it had been sent by itself."""
    fixes = chosen(step.audited.settled)
    if not fixes:
        return None
    operations = [each for found in fixes for each in found.issue.patch]
    text = rewritten(step.submitted.instance.decode(), operations)
    return _alone(step.submitted._replace(instance=text.encode()))


def _alone(submitted: Submission) -> Submission:
    """Take the instance as if it had been sent by itself."""
    request = msgspec.structs.replace(submitted.request, instance=None)
    sent = Sent(submitted.instance, {Source.INSTANCE: ()})
    return submitted._replace(request=request, sent=sent, twice=())


def _report(step: _Step) -> FixReport:
    text = step.submitted.instance
    return FixReport(
        document=msgspec.json.decode(text),
        text=text.decode(),
        applied=step.fixes,
        complete=not chosen(step.audited.settled),
        report=report_on(step.submitted, step.audited),
    )
