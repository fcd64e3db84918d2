"""The questions that an interview has open, and how far it has come."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from quaestor_shared.contracts.base import Reply

__all__ = ["Progress", "Question", "QuestionNumber", "QuestionState", "SectionProgress"]

QuestionNumber = Annotated[
    str,
    Meta(
        pattern=r"^[1-9][0-9]{0,2}(\.[1-9][0-9]{0,5}){1,2}\Z",
        max_length=20,
        description="`1.2`, or `1.2.3` for the third item of a list.",
        examples=["1.1", "1.2.1"],
    ),
]


class QuestionState(StrEnum):
    """Where a question stands. An open or set-aside one has data missing."""

    OPEN = "open"
    SET_ASIDE = "set_aside"
    STALE = "stale"


class Question(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """A question whose data is missing.

    `answer_type` is the tag of the answer it takes, `notation` the one-line form in words and
    `example` a right answer in it. `item` is what a repeated question is about.
    """

    number: str
    section: str
    text: str
    answer_type: str
    notation: str
    example: str
    required: bool
    help: str = ""
    item: str | None = None
    state: QuestionState = QuestionState.OPEN
    can_be_unknown: bool = False


class SectionProgress(Reply, frozen=True, kw_only=True):
    """How many of a section's questions are settled, of those that exist now."""

    number: str
    title: str
    settled: int
    total: int


class Progress(Reply, frozen=True, kw_only=True):
    """How far the interview is. `total` grows as items are named."""

    settled: int
    total: int
    percent: int
    missing_required: int
    ready: bool
    sections: tuple[SectionProgress, ...]
