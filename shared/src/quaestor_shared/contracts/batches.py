"""Many documents at once: what is asked, and an answer for each."""

from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Reply, Request, ShortText
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.errors import ErrorBody
from quaestor_shared.contracts.validation import ValidateRequest, ValidationReport

__all__ = ["BatchAnswer", "BatchEnvelope", "BatchItem", "BatchRequest"]


class BatchItem(ValidateRequest, frozen=True, kw_only=True):
    """One document to check. `id` is the sender's, and comes back with the answer."""

    id: ShortText | None = None


class BatchRequest(Request, frozen=True, kw_only=True):
    """Documents to check, each by itself."""

    items: Annotated[tuple[BatchItem, ...], Meta(min_length=1)]


class BatchAnswer(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one item: a report, or the error that a request of its own would have got.

    `index` is its position, from 0; of a line in a stream it is the line, from 1.
    """

    index: int
    id: str | None = None
    report: ValidationReport | None = None
    error: ErrorBody | None = None


class BatchEnvelope(Envelope, frozen=True, kw_only=True):
    """The answers in the order of the items, enveloped."""

    data: tuple[BatchAnswer, ...]
