"""What changed between two artifacts."""

import asyncio
from itertools import islice
from typing import Any

import msgspec
from msgspec import UNSET

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.diffs import ChangeRuleView, DiffReport, DiffRequest, DiffSide
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput
from quaestor_shared.pointers import pointer
from quaestor_shared.service import strict_json
from quaestor_validator.domain.diff import DIFF_RULES, diff_report
from quaestor_validator.domain.diff.report import Side
from quaestor_validator.schemas import Schemas

__all__ = ["DiffService"]

# Below this, a comparison takes some milliseconds, and a thread costs more than it gives.
INLINE_BYTES = 65_536
LARGE_DIFFS = 2
_MOST_FAULTS = 100
_SCHEMA = "backend"

_request = msgspec.json.Decoder(DiffRequest)


class DiffService:
    """Compares artifacts. Keeps nothing of them."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._large = asyncio.Semaphore(LARGE_DIFFS)

    async def diff(self, body: bytes) -> DiffReport:
        """Compare the two artifacts of a DiffRequest.

        Raises MalformedBody for what is not JSON, InvalidInput with every fault for what is no
        DiffRequest, and for a document that its schema does not take.
        """
        if len(body) <= INLINE_BYTES:
            return self._diff(body)
        async with self._large:
            return await asyncio.to_thread(self._diff, body)

    def rules(self) -> tuple[ChangeRuleView, ...]:
        """List the codes that a change can have."""
        return DIFF_RULES

    def _diff(self, body: bytes) -> DiffReport:
        request = strict_json.decode(body, _request)
        sides = {"before": request.before, "after": request.after}
        faults = [fault for name, side in sides.items() for fault in self._faults(name, side)]
        if faults:
            raise InvalidInput(
                "The documents cannot be compared: they are not what their schema says.",
                details=faults,
            )
        return diff_report(
            _read(request.before),
            _read(request.after),
            fail_on=request.fail_on,
            most=request.max_changes,
        )

    def _faults(self, name: str, side: DiffSide) -> list[ErrorDetail]:
        if side.document is UNSET:
            return [ErrorDetail(field=f"/{name}/document", message="is missing", code="required")]
        found = islice(self._schemas.find(_SCHEMA).faults(side.document), _MOST_FAULTS)
        return [
            ErrorDetail(
                field=pointer((name, "document", *fault.path)),
                message=fault.message,
                code=fault.keyword,
            )
            for fault in found
        ]


def _read(side: DiffSide) -> Side:
    document: Any = side.document
    return document, msgspec.convert(document, Artifact)
