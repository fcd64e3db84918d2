"""What validator is asked, and its verdict."""

from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.findings import Finding, FindingCounts, Severity

__all__ = [
    "RuleListEnvelope",
    "RuleView",
    "SchemaEnvelope",
    "SchemaListEnvelope",
    "SchemaView",
    "ValidateRequest",
    "ValidationEnvelope",
    "ValidationReport",
]

SchemaName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,63}(@([1-9][0-9]{0,5}|latest))?\Z",
        description="A name, or a name and a version: `backend`, `backend@1`, `backend@latest`.",
        examples=["backend@1"],
    ),
]


class ValidateRequest(Request, frozen=True, kw_only=True):
    """Check `instance` against a named schema and its rules, and `narrative` against both.

    `narrative` is the Markdown that must mention every decision of the instance.
    """

    instance: Any
    schema: SchemaName = "backend"
    narrative: Annotated[str, Meta(max_length=5_000_000)] | None = None
    max_findings: Annotated[int, Meta(ge=1, le=1_000)] = 100


class ValidationReport(Reply, frozen=True, kw_only=True):
    """The verdict. `valid` means: no finding of severity error."""

    valid: bool
    schema: str
    findings: tuple[Finding, ...]
    counts: FindingCounts


class RuleView(Reply, frozen=True, kw_only=True):
    """A rule: what it checks, and where its page is."""

    code: str
    severity: Severity
    title: str
    url: str


class SchemaView(Reply, frozen=True, kw_only=True):
    """A schema by name and version; `document` only where one was asked for."""

    name: str
    version: int
    id: str
    document: dict[str, Any] | None = None


class ValidationEnvelope(Envelope, frozen=True, kw_only=True):
    """A verdict, enveloped."""

    data: ValidationReport


class RuleListEnvelope(Envelope, frozen=True, kw_only=True):
    """Every rule, by code."""

    data: tuple[RuleView, ...]


class SchemaEnvelope(Envelope, frozen=True, kw_only=True):
    """A schema, enveloped."""

    data: SchemaView


class SchemaListEnvelope(Envelope, frozen=True, kw_only=True):
    """Every schema, by name and version."""

    data: tuple[SchemaView, ...]
