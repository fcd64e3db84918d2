"""The safe fixes of a document, applied."""

from typing import Any

from quaestor_shared.contracts.base import Reply
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.contracts.validation import ValidationReport

__all__ = ["AppliedFix", "FixEnvelope", "FixReport"]


class AppliedFix(Reply, frozen=True, kw_only=True):
    """A finding that was mended: its code, its place at that time, and what was done."""

    code: str
    pointer: str
    description: str
    patch: tuple[PatchOperation, ...]


class FixReport(Reply, frozen=True, kw_only=True):
    """A document with its safe fixes applied, in their order, and what is still found in it.

    `text` is the document as it would be saved: the text that was sent with no more changed than
    was fixed, where that can be. The lines and columns of `report` count in it. `complete`: no
    safe fix is left to apply.
    """

    document: Any
    text: str
    applied: tuple[AppliedFix, ...]
    complete: bool
    report: ValidationReport


class FixEnvelope(Envelope, frozen=True, kw_only=True):
    """A fixed document, enveloped."""

    data: FixReport
