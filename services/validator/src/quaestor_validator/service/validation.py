"""The audit of a document, readable from top to bottom."""

import asyncio

import msgspec

from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport
from quaestor_shared.service import strict_json
from quaestor_validator.domain.narrative import narrative_findings
from quaestor_validator.domain.report import report
from quaestor_validator.domain.rules import rule_findings
from quaestor_validator.domain.schema_findings import schema_findings
from quaestor_validator.schemas import Schema, Schemas

__all__ = ["ValidationService"]

# Below this, a check takes about a millisecond, and a thread costs more than it gives.
INLINE_BYTES = 65_536
# Large checks at once. They share the interpreter, so more would only take more memory.
LARGE_CHECKS = 2

_request = msgspec.json.Decoder(ValidateRequest)


class ValidationService:
    """Checks documents against schemas, rules and narratives. Keeps nothing of them."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._large = asyncio.Semaphore(LARGE_CHECKS)

    async def validate(self, body: bytes, schema_name: str | None) -> ValidationReport:
        """Check a ValidateRequest, or, with a schema's name, the document itself.

        Raises MalformedBody for what is not JSON, InvalidInput for what is no ValidateRequest,
        NotFound for an unknown schema.
        """
        if len(body) <= INLINE_BYTES:
            return self._validate(body, schema_name)
        async with self._large:
            return await asyncio.to_thread(self._validate, body, schema_name)

    def _validate(self, body: bytes, schema_name: str | None) -> ValidationReport:
        request = _read(body, schema_name)
        name, _, version = request.schema.partition("@")
        schema = self._schemas.find(name, version or "latest")
        findings = _findings(request, schema)
        return report(findings, schema=schema.label, most=request.max_findings)


def _read(body: bytes, schema_name: str | None) -> ValidateRequest:
    if schema_name is None:
        return strict_json.decode(body, _request)
    return ValidateRequest(instance=strict_json.parse(body), schema=schema_name)


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
