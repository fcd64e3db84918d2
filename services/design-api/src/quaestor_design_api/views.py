"""Sessions and turns as they are shown, and the errors that tell what is missing."""

from collections.abc import Sequence

import msgspec

from quaestor_design_api.cache import Session
from quaestor_design_api.domain import notation
from quaestor_design_api.domain.outcome import Missing, unchanged
from quaestor_design_api.domain.places import design, provenance
from quaestor_design_api.domain.questions import (
    all_questions,
    next_section,
    number_of,
    open_questions,
    progress,
    still_open,
    view,
)
from quaestor_design_api.domain.stale import findings, stale
from quaestor_design_api.domain.turns import TurnResult
from quaestor_shared.contracts.draft import DesignDraft
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.questions import Question
from quaestor_shared.contracts.sessions import (
    Finalization,
    SessionState,
    SessionView,
    SettledAnswer,
    TurnReply,
)
from quaestor_shared.errors import BadRequest, Conflict

__all__ = [
    "draft_view",
    "has_session",
    "incomplete",
    "questions_view",
    "refusal",
    "rejected",
    "session_view",
    "turn_reply",
]


def session_view(session: Session) -> SessionView:
    """Show a session whole."""
    script, state = session.script, session.state
    asked = tuple(all_questions(script, state))
    return SessionView(
        id=session.id,
        feature_id=state.feature_id,
        profile=state.profile,
        script_version=state.script_version,
        version=state.version,
        state=SessionState.FINALIZED if unchanged(state) else SessionState.IN_PROGRESS,
        created_at=state.created_at,
        updated_at=state.updated_at,
        progress=progress(script, asked),
        questions=tuple(map(view, next_section(still_open(asked)))),
        answers=tuple(_answers(session)),
        stale=stale(script, state),
        findings=findings(script, state),
    )


def turn_reply(
    session: Session, result: TurnResult, finalization: Finalization | None
) -> TurnReply:
    """Show what a turn did, and what is asked next."""
    script, state = session.script, session.state
    asked = tuple(all_questions(script, state))
    return TurnReply(
        session_id=session.id,
        version=state.version,
        accepted=result.accepted,
        refused=result.refused,
        stale=result.stale,
        findings=findings(script, state),
        progress=progress(script, asked),
        questions=tuple(map(view, next_section(still_open(asked)))),
        finalization=finalization,
    )


def draft_view(session: Session) -> DesignDraft:
    """Show the artifact so far, and where each leaf comes from."""
    return DesignDraft(
        session_id=session.id,
        feature_id=session.state.feature_id,
        version=session.state.version,
        design=design(session.script, session.state),
        provenance=provenance(session.script, session.state),
    )


def questions_view(session: Session) -> tuple[Question, ...]:
    """Show every open question."""
    return tuple(map(view, open_questions(session.script, session.state)))


def refusal(result: TurnResult, session: Session) -> BadRequest:
    """Give the error for a turn of which nothing could be taken."""
    return BadRequest(
        "No answer of this turn could be taken; the session is as it was.",
        code=ErrorCode.ANSWER_REFUSED,
        status=422,
        details=[
            ErrorDetail(
                field=refused.question,
                message=refused.reason,
                code="refused",
                position=refused.position,
                pointer=refused.pointer,
                example=refused.example,
            )
            for refused in result.refused
        ],
        meta={"current_version": session.state.version},
        headers={"ETag": f'"{session.state.version}"'},
    )


def has_session(feature_id: str, error: Conflict) -> Conflict:
    """Give the error for a second session of a feature; `existing_id` is the first one's."""
    return Conflict(
        f"{feature_id} has a session already; go on with it, or delete it to start anew.",
        meta=error.meta,
        headers={"Location": f"/v1/sessions/{error.meta.get('existing_id')}"},
    )


def incomplete(gaps: Missing) -> Conflict:
    """Give the error for a Finalize that comes too early."""
    count = len(gaps.questions)
    what = [f"{count} question{'s' if count != 1 else ''} without an answer"] if count else []
    if gaps.findings:
        what.append(f"{len(gaps.findings)} contradiction{'s' if len(gaps.findings) != 1 else ''}")
    return Conflict(
        f"The design is not complete: {' and '.join(what)}.",
        code=ErrorCode.INTERVIEW_INCOMPLETE,
        details=[
            *(
                ErrorDetail(field=q.number, message=q.text, code="missing", example=q.example)
                for q in gaps.questions
            ),
            *map(_detail, gaps.findings),
        ],
    )


def rejected(errors: Sequence[Finding]) -> Conflict:
    """Give the error for a design that the audit does not let through."""
    count = len(errors)
    return Conflict(
        f"The audit found {count} error{'s' if count != 1 else ''} in the design.",
        code=ErrorCode.DESIGN_REJECTED,
        details=[_detail(finding) for finding in errors],
    )


def _detail(finding: Finding) -> ErrorDetail:
    return ErrorDetail(
        field=finding.question or finding.pointer,
        message=finding.message + (f" {finding.fix.description}" if finding.fix else ""),
        code=finding.code,
        pointer=finding.pointer,
    )


def _answers(session: Session) -> list[SettledAnswer]:
    script, state = session.script, session.state
    shown = []
    for (number, item), settled in state.settled.items():
        question = script.question(number, repeated=item is not None)
        if question is not None:
            shown.append(
                SettledAnswer(
                    question=number_of(state, question, item),
                    text=notation.write(settled.answer),
                    value=msgspec.to_builtins(settled.answer),
                    confidence=settled.confidence,
                    author=settled.author,
                    at=settled.at,
                    item=item,
                )
            )
    return sorted(shown, key=lambda answer: [int(part) for part in answer.question.split(".")])
