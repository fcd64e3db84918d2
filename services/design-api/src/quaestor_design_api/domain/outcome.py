"""Finalize: whether it may happen, and what it gives."""

import re

import msgspec

from quaestor_design_api.domain.artifact import build_artifact, digest_of, render_json
from quaestor_design_api.domain.events import StoredFile
from quaestor_design_api.domain.improvements import improvements
from quaestor_design_api.domain.questions import all_questions, view
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.stale import findings
from quaestor_design_api.domain.state import State
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding
from quaestor_shared.contracts.questions import Question
from quaestor_shared.narrative import render_section
from quaestor_shared.sections import BACKEND_DESIGN, find_section, put_section

__all__ = [
    "ARTIFACT_PATH",
    "JSON",
    "MARKDOWN",
    "Missing",
    "Outcome",
    "document_path",
    "label_after",
    "missing",
    "render",
    "section_of",
    "unchanged",
]

ARTIFACT_PATH = "design/backend.json"
MARKDOWN = "text/markdown"
JSON = "application/json"
_LABEL = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a session from being finalized: questions without data, and contradictions."""

    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of both files, in their order, and the ideas."""

    label: str
    artifact: Artifact
    document: bytes
    json: bytes
    improvements: tuple[str, ...]

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Give path and digest of each file."""
        return (
            StoredFile(
                path=document_path(self.artifact.feature_id),
                digest=digest_of(self.document),
            ),
            StoredFile(path=ARTIFACT_PATH, digest=digest_of(self.json)),
        )


def document_path(feature_id: str) -> str:
    """Give the path of the document that a feature's section stands in."""
    return f"design/docs/{feature_id}.md"


def missing(script: Script, state: State) -> Missing | None:
    """Give what is still missing, or None when the session may be finalized."""
    questions = tuple(
        view(asked)
        for asked in all_questions(script, state)
        if asked.definition.required and not asked.settled
    )
    contradictions = findings(script, state)
    if not questions and not contradictions:
        return None
    return Missing(questions=questions, findings=contradictions)


def unchanged(state: State) -> bool:
    """Say whether nothing changed since the session was finalized."""
    return state.finalized is not None and state.finalized.draft_version == state.draft_version


def label_after(state: State, newest: str | None) -> str:
    """Give the label of the version to come.

    The same design keeps its label. A changed one goes a minor version up from the newest that
    the session or the store (`newest`) knows; the first is 1.0.0.
    """
    if state.finalized is not None and unchanged(state):
        return state.finalized.label
    known = [
        tuple(map(int, match.groups()))
        for label in (newest, state.finalized.label if state.finalized is not None else None)
        if label is not None and (match := _LABEL.fullmatch(label))
    ]
    if not known:
        return "1.0.0"
    major, minor, _ = max(known)
    return f"{major}.{minor + 1}.0"


def render(script: Script, state: State, *, label: str, document: bytes) -> Outcome:
    """Render both files from one draft; `document` is the latest that is stored, or empty.

    `created_at` is when the last answer was given, so that the same answers give the same bytes.
    Raises BrokenSection when the document's own section has lost its end marker.
    """
    artifact = build_artifact(script, state, version=label, created_at=state.changed_at)
    return Outcome(
        label=label,
        artifact=artifact,
        document=put_section(document, render_section(artifact).encode(), BACKEND_DESIGN),
        json=render_json(artifact).encode(),
        improvements=improvements(script, state),
    )


def section_of(document: bytes) -> str:
    """Give our section of a document, markers included."""
    place = find_section(document, BACKEND_DESIGN)
    return document[place[0] : place[1]].decode() if place is not None else ""
