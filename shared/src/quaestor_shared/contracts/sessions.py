"""Sessions, turns, and the outcome of Finalize."""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from quaestor_shared.contracts.base import Digest, FeatureId, Reply, Request, Text, Timestamp
from quaestor_shared.contracts.draft import Confidence
from quaestor_shared.contracts.envelopes import Envelope
from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.questions import Progress, Question, QuestionNumber

__all__ = [
    "Accepted",
    "AnswerInput",
    "CreateSession",
    "Finalization",
    "FinalizationEnvelope",
    "OutcomeFile",
    "QuestionListEnvelope",
    "Refused",
    "SessionEnvelope",
    "SessionListEnvelope",
    "SessionState",
    "SessionSummary",
    "SessionView",
    "SettledAnswer",
    "Stale",
    "TurnEnvelope",
    "TurnReply",
    "TurnRequest",
]


class SessionState(StrEnum):
    """`finalized` means: finalized, and not changed since."""

    IN_PROGRESS = "in_progress"
    FINALIZED = "finalized"


class CreateSession(Request, frozen=True, kw_only=True):
    """Start the interview of a feature. A feature has one session at a time."""

    feature_id: FeatureId
    profile: Annotated[str, Meta(max_length=100)] = "backend-designer"


class AnswerInput(Request, frozen=True, kw_only=True):
    """One answer: `text` in the question's notation, or `value` as JSON; one of the two.

    In text, `skip`, `unknown` and `assume ...` mean what they say. `value` is an object of
    `specs/answers.schema.json`; it is read answer by answer, so that a bad one costs only itself.
    `assumed` marks an assumption.
    """

    question: QuestionNumber
    text: Text | None = None
    value: dict[str, Any] | None = None
    assumed: bool = False


class TurnRequest(Request, frozen=True, kw_only=True):
    """A turn: `answers` by number, or free `text` as a person types it, or both.

    A line of `text` is `1.2.1: <answer>`, or an answer to the first open question, or `Finalize`.
    """

    answers: Annotated[tuple[AnswerInput, ...], Meta(max_length=200)] = ()
    text: Text | None = None


class Accepted(Reply, frozen=True, kw_only=True):
    """An answer that was taken. `changed` lists the JSON Pointers whose value is new."""

    question: str
    text: str
    confidence: Confidence
    changed: tuple[str, ...] = ()


class Refused(Reply, frozen=True, kw_only=True):
    """An answer that was not taken, why, where in its text, and what a right one looks like."""

    question: str
    reason: str
    example: str
    position: int | None = None
    pointer: str | None = None


class Stale(Reply, frozen=True, kw_only=True):
    """An earlier answer that a change took the ground from."""

    question: str
    item: str
    reason: str


class SettledAnswer(Reply, frozen=True, kw_only=True):
    """What was answered so far: in the question's notation, and as JSON."""

    question: str
    text: str
    value: dict[str, Any]
    confidence: Confidence
    author: str
    at: Timestamp
    item: str | None = None


class SessionSummary(Reply, frozen=True, kw_only=True):
    """A session in a list."""

    id: str
    feature_id: str
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class SessionView(Reply, frozen=True, kw_only=True):
    """A session, whole. `version` is also its ETag."""

    id: str
    feature_id: str
    profile: str
    script_version: str
    version: int
    state: SessionState
    created_at: Timestamp
    updated_at: Timestamp
    progress: Progress
    questions: tuple[Question, ...]
    answers: tuple[SettledAnswer, ...]
    stale: tuple[Stale, ...]
    findings: tuple[Finding, ...]


class OutcomeFile(Reply, frozen=True, kw_only=True):
    """A file of the outcome, as stored.

    `digest` is that of the stored bytes. They are `content` in UTF-8, unless other authors put
    bytes into the document that are not; those show as U+FFFD here and stay as they are there.
    """

    path: str
    media_type: str
    content: str
    digest: Digest
    version: int
    url: str


class Finalization(Reply, frozen=True, kw_only=True):
    """What Finalize gives: the Markdown file, the JSON file, then ideas for the script.

    `created` is false when nothing changed since the last time: the versions are the same.
    """

    session_id: str
    feature_id: str
    label: str
    created: bool
    files: tuple[OutcomeFile, ...]
    improvements: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


class TurnReply(Reply, frozen=True, kw_only=True):
    """What a turn did. `questions` are the next ones; `finalization` is there after Finalize."""

    session_id: str
    version: int
    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]
    stale: tuple[Stale, ...]
    findings: tuple[Finding, ...]
    progress: Progress
    questions: tuple[Question, ...]
    finalization: Finalization | None = None


class SessionEnvelope(Envelope, frozen=True, kw_only=True):
    """A session, enveloped."""

    data: SessionView


class QuestionListEnvelope(Envelope, frozen=True, kw_only=True):
    """Every open question, enveloped, in the order to ask them."""

    data: tuple[Question, ...]


class SessionListEnvelope(Envelope, frozen=True, kw_only=True):
    """A page of sessions, newest first."""

    data: tuple[SessionSummary, ...]


class TurnEnvelope(Envelope, frozen=True, kw_only=True):
    """A turn's effect, enveloped."""

    data: TurnReply


class FinalizationEnvelope(Envelope, frozen=True, kw_only=True):
    """An outcome, enveloped."""

    data: Finalization
