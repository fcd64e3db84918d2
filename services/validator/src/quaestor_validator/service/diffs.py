"""What changed between two artifacts."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.diffs import ChangeRuleView, DiffReport, DiffRequest, DiffSide
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.errors import InvalidInput, Unavailable
from quaestor_shared.pointers import pointer
from quaestor_shared.service import strict_json
from quaestor_validator.clients import StoreClient
from quaestor_validator.domain.diff import DIFF_RULES, diff_report
from quaestor_validator.schemas import Schemas

__all__ = ["DiffService"]

# Below this, a comparison takes some milliseconds, and a thread costs more than it gives.
INLINE_BYTES = 65_536
LARGE_DIFFS = 2
_MOST_FAULTS = 100
_SCHEMA = "backend"
_NO_STORE = (
    "Stored artifacts are in artifact-store, and this service was told of none: set "
    "QUAESTOR_VALIDATOR_ARTIFACT_STORE_URL. Documents that are sent can be compared without."
)
T = TypeVar("T")

_request = msgspec.json.Decoder(DiffRequest)


class DiffService:
    """Compares artifacts, sent or stored. Keeps nothing of them."""

    def __init__(self, schemas: Schemas, store: StoreClient | None, *, max_bytes: int) -> None:
        self._schemas = schemas
        self._store = store
        self._max_bytes = max_bytes
        self._large = asyncio.Semaphore(LARGE_DIFFS)

    async def diff(self, body: bytes) -> DiffReport:
        """Compare the two artifacts of a DiffRequest.

        Raises MalformedBody for what is not JSON, InvalidInput with every fault for what is no
        DiffRequest, and for a document that its schema does not take, NotFound for a version
        that is not there.
        """
        request = await self._off_loop(len(body), lambda: strict_json.decode(body, _request))
        stored = await self._stored({"before": request.before, "after": request.after})
        size = len(body) + sum(map(len, stored.values()))
        return await self._off_loop(size, lambda: self._diff(request, stored))

    def rules(self) -> tuple[ChangeRuleView, ...]:
        """List the codes that a change can have."""
        return DIFF_RULES

    async def _off_loop(self, size: int, work: Callable[[], T]) -> T:
        """Do small work here and now, large work in a thread."""
        if size <= INLINE_BYTES:
            return work()
        async with self._large:
            return await asyncio.to_thread(work)

    async def _stored(self, sides: Mapping[str, DiffSide]) -> dict[str, bytes]:
        """Read the sides that are in the store. Raises InvalidInput for what names none."""
        faults = [fault for name, side in sides.items() for fault in _faults_of_side(name, side)]
        if faults:
            raise InvalidInput("Each side is a document, or a stored version.", details=faults)
        found: dict[str, bytes] = {}
        for name, side in sides.items():
            if side.artifact_id is not None:
                found[name] = await self._content(name, side.artifact_id, side.version)
        return found

    async def _content(self, name: str, artifact_id: str, version: int | None) -> bytes:
        store = self._kept_in()
        kept = await store.version(artifact_id, version)
        if kept.size > self._max_bytes:
            message = f"has {kept.size} bytes; {self._max_bytes} can be compared"
            raise InvalidInput(
                "The stored version is too large to be compared.",
                details=[ErrorDetail(field=f"/{name}/version", message=message)],
            )
        return await store.content(kept.digest)

    def _kept_in(self) -> StoreClient:
        if self._store is None:
            raise Unavailable(_NO_STORE, retry_after=3_600)
        return self._store

    def _diff(self, request: DiffRequest, stored: Mapping[str, bytes]) -> DiffReport:
        before, after = (
            _document(side, stored.get(name))
            for name, side in (("before", request.before), ("after", request.after))
        )
        faults = [*self._faults("before", before), *self._faults("after", after)]
        if faults:
            raise InvalidInput(
                "The documents cannot be compared: they are not what their schema says.",
                details=faults,
            )
        return diff_report(
            (before, msgspec.convert(before, Artifact)),
            (after, msgspec.convert(after, Artifact)),
            fail_on=request.fail_on,
            most=request.max_changes,
        )

    def _faults(self, name: str, document: Any) -> list[ErrorDetail]:  # noqa: ANN401 - a JSON value
        found = islice(self._schemas.find(_SCHEMA).faults(document), _MOST_FAULTS)
        return [
            ErrorDetail(
                field=pointer((name, "document", *fault.path)),
                message=fault.message,
                code=fault.keyword,
            )
            for fault in found
        ]


def _faults_of_side(name: str, side: DiffSide) -> list[ErrorDetail]:
    inline, stored = side.document is not UNSET, side.artifact_id is not None
    if not inline and not stored:
        message = "is missing; send it, or the `artifact_id` of a stored one"
        return [ErrorDetail(field=f"/{name}/document", message=message, code="required")]
    if inline and (stored or side.version is not None):
        message = "is sent, so neither `artifact_id` nor `version` can be"
        return [ErrorDetail(field=f"/{name}/document", message=message)]
    return []


def _document(side: DiffSide, stored: bytes | None) -> Any:  # noqa: ANN401 - a JSON value
    return side.document if stored is None else strict_json.parse(stored)
