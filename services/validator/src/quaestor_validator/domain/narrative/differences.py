"""What a changed block says otherwise than the line that would be written now."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.markdown import fold
from quaestor_shared.narrative import Form, Line
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.alignment import Written
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import CONTRADICTION, UNKNOWN, Breach, Path
from quaestor_validator.domain.narrative.decisions import Decision
from quaestor_validator.domain.narrative.decisions import Form as Telling
from quaestor_validator.domain.narrative.figures import new_figures
from quaestor_validator.domain.narrative.passage import Passage
from quaestor_validator.domain.narrative.values import Shown, after_label, listed, spans
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.rules.patches import append, replace

__all__ = ["differences", "unknown_figure", "value_at"]

_STORE = re.compile(r"\*\*(`+.+?`+)\*\* as (`+.+?`+)(?:: (.*))?$", re.DOTALL)
_COUNTS = {
    "entit": ("entities",),
    "internal": ("apis", "internal"),
    "external": ("apis", "external"),
    "process": ("processes",),
    "store": ("storage",),
}
_COUNT = re.compile(r"\b(no|[0-9]{1,6}) (entit|internal|external|process|store)")


def differences(artifact: Artifact, written: Written, block: Block) -> Iterator[Breach]:
    """Compare a block with its line."""
    line = written.line
    if line.form is Form.LIST:
        yield from _list(artifact, line, block)
    elif line.form is Form.STORE:
        yield from _store(artifact, line, block)
    elif line.form is Form.OVERVIEW:
        yield from _overview(artifact, block)
    else:
        shown = _shown(line, block)
        yield from _value(artifact, line, block, line.path, shown)


def value_at(artifact: Artifact, path: Path) -> Any:  # noqa: ANN401 - a JSON value
    """Give what stands at a path of an artifact."""
    value: Any = artifact
    for step in path:
        inside = isinstance(step, str) and isinstance(value, msgspec.Struct)
        value = getattr(value, str(step)) if inside else value[step]
    return value


def _shown(line: Line, block: Block) -> Shown:
    if line.form is Form.NAME:
        return next(spans(block.source), Shown(block.text, block.source))
    return after_label(block, line.label) if line.label else Shown(block.text, block.source)


def _value(
    artifact: Artifact, line: Line, block: Block, path: Path, shown: Shown
) -> Iterator[Breach]:
    """Compare a value that a block tells alone. More words around it are no contradiction."""
    known = value_at(artifact, path)
    telling = {Form.CHOICE: Telling.CHOICE, Form.JSON: Telling.JSON}.get(line.form, Telling.TEXT)
    text = msgspec.json.encode(known).decode() if telling is Telling.JSON else str(known)
    decision = Decision("", None, path, text, telling)
    exact = line.form is Form.NAME or not text.strip()
    told = fold(text) == shown.text if exact else Passage([shown.text]).tells(decision)
    if told:
        if telling is Telling.TEXT:
            beside = msgspec.to_builtins(value_at(artifact, path[:-1]))
            texts = beside.values() if isinstance(beside, dict) else beside
            known_texts = [each for each in texts if isinstance(each, str)]
            for figure, _ in new_figures(shown, known_texts):
                yield unknown_figure(block, figure, path)
        return
    patch = replace(path, known, shown.text)
    if telling is Telling.CHOICE:
        choice = shown.text.casefold().replace(" ", "_").replace("-", "_")
        patch = replace(path, known, choice) if choice in _choices(known) else ()
    hidden = telling is Telling.JSON  # an example may hold what should not be shown again
    yield Breach(
        code=CONTRADICTION,
        block=block,
        shown=shown,
        path=path,
        message="the document has another example than the artifact"
        if hidden
        else f"the document says {cut(shown.text)} where the artifact says {cut(text)}",
        expected=None if hidden else cut(text),
        patch=() if hidden else patch,
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


def _choices(known: Any) -> list[str]:  # noqa: ANN401 - a member of an enum
    return [member.value for member in type(known)]


def _list(artifact: Artifact, line: Line, block: Block) -> Iterator[Breach]:
    """Compare names. One that is new may be one that is missing, told wrongly."""
    known = [str(name) for name in value_at(artifact, line.path)]
    told = listed(block, line.label)
    folded = {fold(name) for name in known}
    new = [shown for shown in told if shown.text not in folded]
    said = {shown.text for shown in told}
    missing = {name: index for index, name in enumerate(known) if fold(name) not in said}
    nearest = Nearest(missing)
    for shown in new:
        alone = len(new) == len(missing) == 1
        name = next(iter(missing)) if alone else nearest.to(shown.text)
        if name is None or name not in missing:
            yield _unknown(line, block, shown, known)
            continue
        path = (*line.path, missing.pop(name))
        yield Breach(
            code=CONTRADICTION,
            block=block,
            shown=shown,
            path=path,
            message=f"the document says {cut(shown.text)} where the artifact says {cut(name)}",
            expected=cut(name),
            did_you_mean=name,
            patch=replace(path, name, shown.text) if _may_stand(artifact, path, shown) else (),
        )


def _unknown(line: Line, block: Block, shown: Shown, known: Sequence[str]) -> Breach:
    what = str(line.path[-1]).replace("_", " ")
    return Breach(
        code=UNKNOWN,
        block=block,
        shown=shown,
        path=line.path,
        message=f"the document tells of {cut(shown.text)}, which is none of the {what}",
        expected=cut(", ".join(known)) if known else "none",
        patch=append(line.path, shown.text) if line.path[-1] != "methods" else (),
    )


def _may_stand(artifact: Artifact, path: Path, shown: Shown) -> bool:
    """Say whether a text may stand at a place: a method has to be one."""
    known = value_at(artifact, path)
    return type(known) is str or shown.text in _choices(known)


def _store(artifact: Artifact, line: Line, block: Block) -> Iterator[Breach]:
    match = _STORE.match(block.source)
    if match is None:
        return
    parts = (("technology", Form.NAME, match[1]), ("kind", Form.CHOICE, match[2]))
    for key, form, source in parts:
        shown = next(spans(source), Shown(source, source))
        yield from _value(artifact, line._replace(form=form), block, (*line.path, key), shown)
    if match[3] and value_at(artifact, (*line.path, "notes")):
        notes = Shown(fold(Block(block.kind, block.rank, match[3]).text), match[3])
        told = line._replace(form=Form.TEXT)
        yield from _value(artifact, told, block, (*line.path, "notes"), notes)


def _overview(artifact: Artifact, block: Block) -> Iterator[Breach]:
    keys = ("feature_id", "version", "created_at")
    for key, shown in zip(keys, spans(block.source), strict=False):
        if shown.text != value_at(artifact, (key,)):
            yield _identity(artifact, block, shown, key)
    for count in _COUNT.finditer(block.text):
        path = _COUNTS[count[2]]
        number = len(value_at(artifact, path))
        if count[1] != str(number or "no"):
            yield Breach(
                code=CONTRADICTION,
                block=block,
                shown=Shown(count[0], count[0]),
                path=path,
                message=f"the document counts {count[1]} where the artifact has {number}",
                expected=str(number),
            )


def _identity(artifact: Artifact, block: Block, shown: Shown, key: str) -> Breach:
    known = value_at(artifact, (key,))
    return Breach(
        code=CONTRADICTION,
        block=block,
        shown=shown,
        path=(key,),
        message=f"the document says {cut(shown.text)} where the artifact says {cut(known)}",
        expected=cut(known),
    )
