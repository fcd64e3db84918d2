"""Finalize, from a complete session to two stored, validated files."""

import asyncio

import msgspec

from quaestor_design_api.attempts import Attempt
from quaestor_design_api.cache import Session
from quaestor_design_api.clients import StoreClient, ValidatorClient
from quaestor_design_api.domain import outcome as domain
from quaestor_design_api.domain.events import Finalized, to_data
from quaestor_design_api.domain.outcome import Outcome
from quaestor_design_api.domain.places import question_for
from quaestor_design_api.domain.state import fold
from quaestor_design_api.sessions import Sessions, check_version
from quaestor_design_api.views import incomplete, rejected
from quaestor_shared.clock import Clock
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.contracts.findings import Finding, Severity
from quaestor_shared.contracts.journals import EventInput
from quaestor_shared.contracts.sessions import Finalization, OutcomeFile
from quaestor_shared.contracts.versions import (
    Commit,
    CommitResult,
    CreateVersion,
    JournalAppend,
    VersionView,
)
from quaestor_shared.errors import Conflict, Unavailable, VersionMismatch
from quaestor_shared.sections import BrokenSection
from quaestor_shared.telemetry.context import principal

__all__ = ["Finalizer"]

_RACES = 10
Latest = tuple[VersionView, bytes] | None


class Finalizer:
    """Renders both files from one draft, has them audited, and stores them in one transaction."""

    def __init__(
        self, *, store: StoreClient, validator: ValidatorClient, sessions: Sessions, clock: Clock
    ) -> None:
        self._store = store
        self._validator = validator
        self._sessions = sessions
        self._clock = clock

    async def finalize(
        self, session_id: str, if_match: int | None, attempt: Attempt
    ) -> tuple[Finalization, Session]:
        """Finalize a session, and give it as it stands then.

        Without changes since the last time, the same versions come back. Raises Conflict with what
        is missing or wrong, VersionMismatch, NotFound, Unavailable.
        """
        done = await self._store.committed(attempt.keyed)
        if done is not None:
            return await self._again(session_id, done, attempt)
        for _ in range(_RACES):
            session = await self._sessions.load(session_id)
            check_version(session, if_match)
            gaps = domain.missing(session.script, session.state)
            if gaps is not None:
                raise incomplete(gaps)
            document, artifact = await self._latest(session)
            outcome = _render(session, document, artifact)
            findings = await self._audit(session, outcome)
            if _is_stored(session, outcome, document, artifact):
                found = _versions(document, artifact)
                return _finalization(session, outcome, findings, found), session
            commit, event = self._commit(session, outcome, document, artifact)
            try:
                written = await self._store.commit(commit, attempt.keyed)
            except VersionMismatch:
                continue  # somebody answered, or wrote to the document: render it again
            if written.replayed:
                return await self._again(session_id, written.data, attempt)
            state = fold(session.script, session.state, [event])
            after = Session(id=session.id, script=session.script, state=state)
            self._sessions.keep(after)
            return _finalization(session, outcome, findings, written.data.versions), after
        raise Unavailable("Too many others write to this design at once; try again.")

    async def _again(
        self, session_id: str, done: CommitResult, attempt: Attempt
    ) -> tuple[Finalization, Session]:
        """Give what a Finalize came to that was done before, from the session as it was then."""
        attempt.replayed = True
        version = done.journal_version or 0
        before = await self._sessions.at(session_id, version - 1)
        stored = await self._store.content(done.versions[0])
        outcome = domain.render(
            before.script, before.state, label=done.versions[1].label or "", document=stored
        )
        findings = await self._audit(before, outcome)
        after = await self._sessions.at(session_id, version)
        return _finalization(before, outcome, findings, done.versions), after

    async def _latest(self, session: Session) -> tuple[Latest, Latest]:
        feature = session.state.feature_id
        document, artifact = await asyncio.gather(
            self._store.latest(feature, domain.document_path(feature)),
            self._store.latest(feature, domain.ARTIFACT_PATH),
        )
        return document, artifact

    async def _audit(self, session: Session, outcome: Outcome) -> tuple[Finding, ...]:
        report = await self._validator.validate(
            outcome.artifact, domain.section_of(outcome.document)
        )
        findings = tuple(
            msgspec.structs.replace(
                finding, question=question_for(session.script, session.state, finding.pointer)
            )
            for finding in report.findings
        )
        if not report.valid:
            raise rejected([f for f in findings if f.severity is Severity.ERROR])
        return findings

    def _commit(
        self, session: Session, outcome: Outcome, document: Latest, artifact: Latest
    ) -> tuple[Commit, Finalized]:
        event = Finalized(
            at=self._clock(),
            author=principal.get(),
            label=outcome.label,
            draft_version=session.state.draft_version,
            files=outcome.files,
        )
        kind, data = to_data(event)
        return Commit(
            versions=(
                _create(session, outcome, domain.MARKDOWN, outcome.document, document),
                _create(session, outcome, domain.JSON, outcome.json, artifact),
            ),
            journal=JournalAppend(
                id=session.id,
                expected_version=session.state.version,
                events=(EventInput(type=kind, data=data),),
            ),
        ), event


def _render(session: Session, document: Latest, artifact: Latest) -> Outcome:
    label = domain.label_after(session.state, artifact[0].label if artifact else None)
    stored = document[1] if document else b""
    try:
        return domain.render(session.script, session.state, label=label, document=stored)
    except BrokenSection as error:
        path = domain.document_path(session.state.feature_id)
        raise Conflict(
            f"{path} cannot be written to: {error}.",
            code=ErrorCode.DESIGN_REJECTED,
            details=[ErrorDetail(field=path, message=f"line {error.line}: no end marker follows")],
        ) from error


def _is_stored(session: Session, outcome: Outcome, document: Latest, artifact: Latest) -> bool:
    return (
        domain.unchanged(session.state)
        and document is not None
        and artifact is not None
        and (document[1], artifact[1]) == (outcome.document, outcome.json)
    )


def _create(
    session: Session, outcome: Outcome, media_type: str, content: bytes, latest: Latest
) -> CreateVersion:
    is_json = media_type == domain.JSON
    path = domain.ARTIFACT_PATH if is_json else domain.document_path(session.state.feature_id)
    return CreateVersion(
        feature_id=session.state.feature_id,
        path=path,
        media_type=media_type,
        base64=content,
        label=outcome.label if is_json else None,
        expected_version=latest[0].number if latest else 0,
        session_id=session.id,
        script_version=session.script.version,
    )


def _versions(document: Latest, artifact: Latest) -> tuple[VersionView, ...]:
    return tuple(
        msgspec.structs.replace(latest[0], created=False)
        for latest in (document, artifact)
        if latest
    )


def _finalization(
    session: Session,
    outcome: Outcome,
    findings: tuple[Finding, ...],
    versions: tuple[VersionView, ...],
) -> Finalization:
    contents = (outcome.document, outcome.json)
    return Finalization(
        session_id=session.id,
        feature_id=session.state.feature_id,
        label=outcome.label,
        created=any(version.created for version in versions),
        files=tuple(
            OutcomeFile(
                path=version.path,
                media_type=version.media_type,
                content=content.decode(errors="replace"),
                digest=version.digest,
                version=version.number,
                url=f"/v1/artifacts/{version.artifact_id}/versions/{version.number}/content",
            )
            for version, content in zip(versions, contents, strict=True)
        ),
        improvements=outcome.improvements,
        findings=findings,
    )
