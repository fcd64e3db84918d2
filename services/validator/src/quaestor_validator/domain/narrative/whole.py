"""What a line tells beside the value that it has: more, or that it is not so."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.markdown import fold
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import MORE, UNKNOWN, Breach, Path
from quaestor_validator.domain.narrative.decisions import Form
from quaestor_validator.domain.narrative.figures import new_figures
from quaestor_validator.domain.narrative.values import Shown, value_at
from quaestor_validator.domain.rules.patches import replace

__all__ = ["choices_of", "is_denied", "more_than", "rest_of", "says_more", "unknown_figure"]

# Words around a choice that change nothing: "an API key".
_ARTICLES = re.compile(r"\b(?:an?|the|by|with|as|mode)\b")
_NEGATION = re.compile(
    r"\b(?:not|never|no longer|nor|cannot|except)\b|n['\u2019]t\b", re.IGNORECASE
)
_WORD = re.compile(r"\w")
_WORDS = re.compile(r"\w+")
_JOINING = frozenset(("and", "with", "by", "in", "on", "for", "of", "to", "at", "the", "a", "an"))
_MOST_BESIDE = 20


def rest_of(shown: str, text: str, telling: Form) -> str:
    """Give what is told beside a value; nothing where that is punctuation alone."""
    if telling is Form.JSON:
        shown, text = "".join(shown.split()), "".join(text.split())
    elif telling is Form.CHOICE:
        shown, text = _loose(shown), _loose(text)
    else:
        text = fold(text)
    rest = shown.replace(text, " ", 1)
    if telling is Form.CHOICE:
        rest = _ARTICLES.sub(" ", rest)
    return rest if _WORD.search(rest) else ""


def _loose(text: str) -> str:
    return text.casefold().replace("_", " ").replace("-", " ")


def is_denied(rest: str, known: Any, telling: Form) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether what is told beside a value takes it back: a "not", or another choice."""
    if telling is Form.CHOICE:
        others = (re.escape(_loose(choice)) for choice in choices_of(known) if choice != known)
        if re.search(rf"\b(?:{'|'.join(others)})\b", rest):
            return True
    return telling is not Form.JSON and _NEGATION.search(rest) is not None


def more_than(
    artifact: Artifact, block: Block, path: Path, shown: Shown, told: tuple[Any, str, Form]
) -> Iterator[Breach]:
    """Find what a value line tells beside its value: a figure, or anything else."""
    known, rest, telling = told
    if not rest:
        return
    if telling is Form.TEXT:
        beside = msgspec.to_builtins(value_at(artifact, path[:-1]))
        texts = beside.values() if isinstance(beside, dict) else beside
        known_texts = [each for each in texts if isinstance(each, str)]
        if figures := list(new_figures(shown, known_texts)):
            yield from (unknown_figure(block, figure, path) for figure, _ in figures)
            return
        if _is_told_beside(rest, known_texts):
            return
    hidden = telling is Form.JSON
    yield says_more(
        block,
        shown,
        path,
        "beside the example" if hidden else f"beside {cut(str(known))}",
        None if hidden else cut(str(known)),
        replace(path, known, shown.text) if telling is Form.TEXT else (),
    )


def _is_told_beside(rest: str, texts: Sequence[str]) -> bool:
    """Say whether all that is told beside a value is what the artifact says right beside it."""
    for text in (fold(text) for text in texts[:_MOST_BESIDE]):
        rest = rest.replace(text, " ", 1) if text else rest
    return _JOINING.issuperset(_WORDS.findall(rest.casefold()))


def says_more(
    block: Block,
    shown: Shown,
    path: Path,
    beside: str,
    expected: str | None,
    patch: tuple[PatchOperation, ...] = (),
) -> Breach:
    """Give the breach of a value line that tells more than its value."""
    return Breach(
        code=MORE,
        block=block,
        shown=shown,
        path=path,
        message=f"the document says more here {beside}, the artifact does not",
        expected=expected,
        patch=patch,
    )


def unknown_figure(block: Block, shown: Shown, path: Path) -> Breach:
    """Give the breach of a figure that the artifact does not have at a place."""
    return Breach(
        code=UNKNOWN,
        block=block,
        shown=shown,
        path=path,
        message=f"the document has the figure {cut(shown.text)}, the artifact has not",
    )


def choices_of(known: Any) -> list[str]:  # noqa: ANN401 - a member of an enum
    """Give the words that a choice is one of."""
    return [member.value for member in type(known)]
