"""What validator is asked, and its verdict."""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request
from quaestor_shared.contracts.configuration import Configuration, Level, Preset, Sidecar
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.findings import Finding, FindingCounts, Severity
from quaestor_shared.contracts.schemas import SchemaReference

__all__ = [
    "Formats",
    "ReportFormat",
    "RuleListEnvelope",
    "RuleView",
    "ValidateRequest",
    "ValidationEnvelope",
    "ValidationReport",
]


class Formats(StrEnum):
    """What `format` does in a schema: it is checked (`assert`), or only said (`annotate`)."""

    ASSERT = "assert"
    ANNOTATE = "annotate"


class ReportFormat(StrEnum):
    """How a report is written: our envelope, or what another tool reads."""

    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    LSP = "lsp"
    TEXT = "text"


class ValidateRequest(Request, frozen=True, kw_only=True):
    """Check `instance` against a schema and its rules, and `narrative` against both.

    `schema` is a name, or a whole schema. `narrative` is the Markdown that must mention every
    decision of the instance. The schemas that come with the service have rules and narratives,
    and their formats are always asserted; users' schemas have neither, and `formats` is theirs.
    """

    instance: Any
    schema: SchemaReference = "backend"
    formats: Formats = Formats.ASSERT
    narrative: Annotated[str, Meta(max_length=5_000_000)] | None = None
    config: Configuration | None = None
    sidecar: Sidecar | None = None
    max_findings: Annotated[int, Meta(ge=1, le=1_000)] = 100


class ValidationReport(Reply, frozen=True, kw_only=True):
    """The verdict. `valid` means: no finding that weighs as much as `fail_on`, known ones aside;
    `fail_on` is what the configuration says, else an error.

    Not `complete`: there are so many findings that counting was given up; the counts are the
    least that there are.
    """

    valid: bool
    complete: bool = True
    fail_on: Severity
    schema: str
    findings: tuple[Finding, ...]
    counts: FindingCounts


class RuleView(Reply, frozen=True, kw_only=True):
    """A rule: what it checks, where its page is, what can be set, its level in each preset.

    `options` has a JSON Schema for each option, with its default.
    """

    code: str
    severity: Severity
    title: str
    url: str
    options: dict[str, Any] = {}
    presets: dict[Preset, Level] = {}


class ValidationEnvelope(Envelope, frozen=True, kw_only=True):
    """A verdict, enveloped."""

    data: ValidationReport


class RuleListEnvelope(Envelope, frozen=True, kw_only=True):
    """Every rule, by code."""

    data: tuple[RuleView, ...]
