"""Answers of a few named parts: `logging audit log; audit ISO27001`."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from quaestor_design_api.domain.notation.scan import NotationError, Piece, split, whole
from quaestor_design_api.domain.notation.words import is_none, keyword, phrase
from quaestor_shared.contracts.answers import (
    AuditAnswer,
    HandoffAnswer,
    ListAnswer,
    ObservabilityAnswer,
    ResidencyAnswer,
    TextAnswer,
)

__all__ = [
    "read_audit",
    "read_handoff",
    "read_list",
    "read_observability",
    "read_residency",
    "read_text",
    "write_audit",
    "write_handoff",
    "write_list",
    "write_observability",
    "write_residency",
    "write_text",
]


class _Part(msgspec.Struct, frozen=True):
    """A part by its keywords: a phrase, a list parted by commas, or a phrase that may repeat."""

    words: Sequence[str]
    form: str = "phrase"


def read_text(text: str) -> TextAnswer:
    """Read a line of text."""
    return TextAnswer(text=phrase(whole(text), "answer"))


def write_text(answer: TextAnswer) -> str:
    """Write a line of text."""
    return answer.text


def read_list(text: str) -> ListAnswer:
    """Read texts parted by semicolons or line breaks, or `none`."""
    piece = whole(text)
    if is_none(piece):
        return ListAnswer(items=())
    items = [phrase(part, "item") for part in split(piece, ";\n")]
    if not items:
        raise NotationError("say what there is, or none", 0)
    return ListAnswer(items=tuple(items))


def write_list(answer: ListAnswer) -> str:
    """Write texts parted by semicolons."""
    return "; ".join(answer.items) or "none"


def read_audit(text: str) -> AuditAnswer:
    """Read what is logged and what is audited."""
    return msgspec.convert(
        _read(text, {"logging": _Part(["logging", "log"]), "audit": _Part(["audit(?:ing)?"])}),
        AuditAnswer,
    )


def write_audit(answer: AuditAnswer) -> str:
    """Write what is logged and what is audited."""
    return f"logging {answer.logging}; audit {answer.audit}"


def read_observability(text: str) -> ObservabilityAnswer:
    """Read metrics, health checks and traces."""
    parts = {
        "metrics": _Part(["metrics?"], "list"),
        "health_checks": _Part(["health[ _-]?checks?", "health"], "list"),
        "traces": _Part(["trac(?:es?|ing)"], "list"),
    }
    return msgspec.convert(_read(text, parts, optional=("traces",)), ObservabilityAnswer)


def write_observability(answer: ObservabilityAnswer) -> str:
    """Write metrics, health checks and traces."""
    parts = [
        f"metrics {', '.join(answer.metrics) or 'none'}",
        f"health {', '.join(answer.health_checks) or 'none'}",
    ]
    if answer.traces is not None:
        parts.append(f"traces {', '.join(answer.traces) or 'none'}")
    return "; ".join(parts)


def read_residency(text: str) -> ResidencyAnswer:
    """Read where data must stay, and notes on it."""
    parts = {"residency": _Part(["residency"]), "notes": _Part(["notes?"])}
    return msgspec.convert(
        _read(text, parts, first="residency", optional=("notes",)), ResidencyAnswer
    )


def write_residency(answer: ResidencyAnswer) -> str:
    """Write where data must stay, and notes on it."""
    return answer.residency + (f"; notes {answer.notes}" if answer.notes is not None else "")


def read_handoff(text: str) -> HandoffAnswer:
    """Read dependencies and assumptions, or `none`."""
    if is_none(whole(text)):
        return HandoffAnswer(dependencies=())
    parts = {
        "dependencies": _Part(["depends on", "dependenc(?:y|ies)"], "list"),
        "assumptions": _Part(["assum(?:es|ing|ptions?)"], "repeat"),
    }
    read = _read(text, parts, first="dependencies", optional=("dependencies", "assumptions"))
    return msgspec.convert({"dependencies": []} | read, HandoffAnswer)


def write_handoff(answer: HandoffAnswer) -> str:
    """Write dependencies and assumptions."""
    parts = [f"assumes {text}" for text in answer.assumptions]
    if answer.dependencies or not parts:
        parts.insert(0, ", ".join(answer.dependencies) or "none")
    return "; ".join(parts)


def _read(
    text: str,
    parts: Mapping[str, _Part],
    *,
    first: str | None = None,
    optional: Sequence[str] = (),
) -> dict[str, Any]:
    read: dict[str, Any] = {}
    pieces = split(whole(text), ";\n")
    for index, piece in enumerate(pieces):
        part, after = _part_of(piece, parts)
        if part is None and index == 0 and first is not None:
            part, after = first, piece
        if part is None:
            known = ", ".join(parts)
            raise NotationError(f"start each part with what it is about: {known}", piece.at)
        if part in read and parts[part].form != "repeat":
            raise NotationError(f"{part!r} stands twice", piece.at)
        _take(read, part, parts[part].form, after)
    for part in parts:
        if part not in read and part not in optional:
            raise NotationError(f"{part.replace('_', ' ')!r} is missing", len(text))
    return read


def _part_of(piece: Piece, parts: Mapping[str, _Part]) -> tuple[str | None, Piece]:
    for part, spec in parts.items():
        if (after := keyword(piece, spec.words)) is not None:
            return part, after
    return None, piece


def _take(read: dict[str, Any], part: str, form: str, piece: Piece) -> None:
    what = part.replace("_", " ")
    if form == "phrase":
        read[part] = phrase(piece, what)
    elif form == "repeat":
        read.setdefault(part, []).append(phrase(piece, what))
    elif is_none(piece):
        read[part] = []
    else:
        items = [phrase(item, what) for item in split(piece, ",")]
        if not items:
            raise NotationError(f"the {what} are missing; say none if there are none", piece.at)
        read[part] = items
