"""What a changed block says otherwise than the line that would be written now."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import PatchOperation
from quaestor_shared.markdown import fold
from quaestor_shared.narrative import Form, Line
from quaestor_shared.pointers import pointer
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.alignment import Written
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import CONTRADICTION, UNKNOWN, Breach, Path
from quaestor_validator.domain.narrative.decisions import Decision
from quaestor_validator.domain.narrative.decisions import Form as Telling
from quaestor_validator.domain.narrative.overview import overview_differences
from quaestor_validator.domain.narrative.passage import Passage
from quaestor_validator.domain.narrative.values import (
    Shown,
    after_label,
    beside_spans,
    listed,
    spans,
    value_at,
)
from quaestor_validator.domain.narrative.whole import (
    choices_of,
    is_denied,
    more_than,
    rest_of,
    says_more,
)
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.rules.patches import append, replace

__all__ = ["absent", "differences"]

_STORE = re.compile(r"\*\*(`+.+?`+)\*\* as (`+.+?`+)([^:]*)(?:: ?(.*))?$", re.DOTALL)
_STORE_WORDS = frozenset(("", "storage", "store"))


def differences(artifact: Artifact, written: Written, block: Block) -> Iterator[Breach]:
    """Compare a block with its line."""
    line = written.line
    if line.form is Form.LIST:
        yield from _list(artifact, line, block)
    elif line.form is Form.STORE:
        yield from _store(artifact, line, block)
    elif line.form is Form.OVERVIEW:
        yield from overview_differences(artifact, block)
    else:
        shown = _shown(line, block)
        yield from _value(artifact, line, block, line.path, shown)


def _shown(line: Line, block: Block) -> Shown:
    if line.form is Form.NAME:
        return next(spans(block.source), Shown(block.text, block.source))
    return after_label(block, line.label) if line.label else Shown(block.text, block.source)


def _value(
    artifact: Artifact, line: Line, block: Block, path: Path, shown: Shown
) -> Iterator[Breach]:
    """Compare a value that a block tells alone, as a whole."""
    known = value_at(artifact, path)
    telling = {Form.CHOICE: Telling.CHOICE, Form.JSON: Telling.JSON}.get(line.form, Telling.TEXT)
    text = msgspec.json.encode(known).decode() if telling is Telling.JSON else str(known)
    decision = Decision("", None, path, text, telling)
    exact = line.form is Form.NAME or not text.strip()
    told = fold(text) == shown.text if exact else Passage([shown.text]).tells(decision)
    rest = rest_of(shown.text, text, telling) if told and not exact else ""
    if told and not is_denied(rest, known, telling):
        yield from more_than(artifact, block, path, shown, (known, rest, telling))
        return
    patch = replace(path, known, shown.text)
    if telling is Telling.CHOICE:
        choice = shown.text.casefold().replace(" ", "_").replace("-", "_")
        patch = replace(path, known, choice) if choice in choices_of(known) else ()
    if telling is Telling.JSON:
        path = (*path, *_first_difference(known, shown.text))
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


def _first_difference(known: Any, text: str) -> Path:  # noqa: ANN401 - JSON
    """Give the path of the one value in which two examples differ, or of what holds several."""
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return ()
    path: Path = ()
    while type(known) is type(told):
        steps: list[str | int] = []
        if isinstance(known, dict) and known.keys() == told.keys():
            steps = [key for key in known if known[key] != told[key]]
        elif isinstance(known, list) and len(known) == len(told):
            steps = [i for i, (old, new) in enumerate(zip(known, told, strict=True)) if old != new]
        if len(steps) != 1:
            break
        path = (*path, steps[0])
        known, told = known[steps[0]], told[steps[0]]
    return path


def _list(artifact: Artifact, line: Line, block: Block) -> Iterator[Breach]:
    """Compare names. One that is new may be one that is missing, told wrongly."""
    known = [str(name) for name in value_at(artifact, line.path)]
    told = listed(block, line.label)
    folded = {fold(name) for name in known}
    new = [shown for shown in told if shown.text not in folded]
    said = {shown.text for shown in told}
    missing = {name: index for index, name in enumerate(known) if fold(name) not in said}
    rest = beside_spans(after_label(block, line.label).source)
    if rest and not new and not missing:
        shown = Shown(rest, rest)
        yield says_more(block, shown, line.path, "beside the names", cut(", ".join(known)))
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
    return type(known) is str or shown.text in choices_of(known)


def _store(artifact: Artifact, line: Line, block: Block) -> Iterator[Breach]:
    match = _STORE.match(block.source)
    if match is None:
        return
    parts = (("technology", Form.NAME, match[1]), ("kind", Form.CHOICE, match[2]))
    for key, form, source in parts:
        shown = next(spans(source), Shown(source, source))
        yield from _value(artifact, line._replace(form=form), block, (*line.path, key), shown)
    beside = match[3].strip(" .")
    if beside.casefold() not in _STORE_WORDS:
        kind = value_at(artifact, (*line.path, "kind"))
        yield says_more(block, Shown(beside, beside), line.path, f"beside {kind}", kind)
    if not match[4]:
        return
    notes = Shown(fold(Block(block.kind, block.rank, match[4]).text), match[4])
    if value_at(artifact, (*line.path, "notes")) is UNSET:
        yield absent(line._replace(path=(*line.path, "notes")), block, notes)
        return
    told = line._replace(form=Form.TEXT)
    yield from _value(artifact, told, block, (*line.path, "notes"), notes)


def absent(line: Line, block: Block, shown: Shown) -> Breach:
    """Give the breach of a member that the document tells of and the artifact does without."""
    key = str(line.path[-1]).replace("_", " ")
    example = line.form is Form.JSON
    value = [s.text for s in listed(block, line.label)] if line.form is Form.LIST else shown.text
    add = PatchOperation(op="add", path=pointer(line.path), value=value)
    return Breach(
        code=UNKNOWN,
        block=block,
        shown=shown,
        path=line.path[:-1],
        message=f"the document has an example for {key}, the artifact has none"
        if example
        else f"the document tells of {key}, the artifact has none",
        expected=None if example else f"no {key}",
        patch=() if example else (add,),
    )
