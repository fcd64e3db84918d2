"""From a complete state to the artifact."""

import hashlib

import msgspec

from quaestor_design_api.domain import notation
from quaestor_design_api.domain.places import design
from quaestor_design_api.domain.questions import all_questions
from quaestor_design_api.domain.script import Script
from quaestor_design_api.domain.state import State
from quaestor_shared.contracts.answers import UnknownAnswer
from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.draft import Confidence

__all__ = ["build_artifact", "digest_of", "render_json"]


def build_artifact(script: Script, state: State, *, version: str, created_at: str) -> Artifact:
    """Build the artifact of a state with nothing missing.

    Assumed answers join the assumptions, unknown ones the open questions, each with the number
    of its question. Raises msgspec.ValidationError where data is missing after all.
    """
    built = design(script, state)
    return msgspec.convert(
        {
            **built,
            "feature_id": state.feature_id,
            "version": version,
            "created_at": created_at,
            "assumptions": [*built.get("assumptions", ()), *_assumed(script, state)],
            "open_questions": [*built.get("open_questions", ()), *_unknown(script, state)],
        },
        Artifact,
    )


def render_json(artifact: Artifact) -> str:
    """Write the artifact as it is stored: two spaces, in the order of the schema."""
    return msgspec.json.format(msgspec.json.encode(artifact), indent=2).decode() + "\n"


def digest_of(content: bytes) -> str:
    """Give the digest that a content is stored under."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _assumed(script: Script, state: State) -> list[str]:
    return [
        f"{_question(asked.definition.text, asked.item)} ({asked.number}) "
        f"Assumed: {notation.write(settled.answer)}"
        for asked in all_questions(script, state)
        if (settled := state.settled.get(asked.key)) is not None
        and settled.confidence is Confidence.ASSUMED
    ]


def _unknown(script: Script, state: State) -> list[str]:
    return [
        f"{_question(asked.definition.text, asked.item)} ({asked.number})"
        for asked in all_questions(script, state)
        if (settled := state.settled.get(asked.key)) is not None
        and isinstance(settled.answer, UnknownAnswer)
    ]


def _question(text: str, item: str | None) -> str:
    return text.replace("{item}", item or "")
