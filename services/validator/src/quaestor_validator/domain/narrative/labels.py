"""Blocks with the label of a line that is told already, or that the artifact has no value for."""

import re
from collections.abc import Iterator, Sequence

from msgspec import UNSET

from quaestor_shared.contracts.artifact import Artifact, Method
from quaestor_shared.markdown import code, fold
from quaestor_shared.narrative import APIS, STORAGE, WATCH, Form, Line
from quaestor_validator.domain.narrative.alignment import Written, fits, written
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import Breach, Path
from quaestor_validator.domain.narrative.decisions import item_path
from quaestor_validator.domain.narrative.differences import absent, differences
from quaestor_validator.domain.narrative.values import after_label, spans

__all__ = ["Labels"]

_LABELLED = (Form.TEXT, Form.CHOICE, Form.LIST, Form.JSON)
_LABEL = re.compile(r"[^:\n]{1,60}(?:, for example)?:")


class Labels:
    """The lines of a subsection by the item that they belong to, and by their labels."""

    def __init__(self, artifact: Artifact, title: str, lines: Sequence[Written]) -> None:
        self._artifact = artifact
        self._lines: dict[tuple[Path, str], Written] = {}
        self._absent: dict[tuple[Path, str], Written] = {}
        self._stores: dict[str, Written] = {}
        for line in lines:
            if line.line.form in _LABELLED:
                self._lines.setdefault(_key(line), line)
            elif line.line.form is Form.STORE:
                self._stores.setdefault(_name(line.block), line)
        for line in written(list(_optional(artifact, title))):
            if _key(line) not in self._lines:
                self._absent[_key(line)] = line

    def told_by(self, block: Block, owner: Path | None) -> Iterator[Breach] | None:
        """Compare a block with the line that has its label; None where there is no such line."""
        if block.source.startswith("**`") and (store := self._stores.get(_name(block))):
            return differences(self._artifact, store, block) if fits(store, block) else None
        label = _LABEL.match(block.text)
        if label is None:
            return None
        key = (owner or (), label[0].casefold())
        if (line := self._lines.get(key)) is not None and fits(line, block):
            return differences(self._artifact, line, block)
        if (line := self._absent.get(key)) is not None and fits(line, block):
            return iter([absent(line.line, block, after_label(block, line.line.label))])
        return None


def _key(line: Written) -> tuple[Path, str]:
    """Give the item of a line, () for none, and its label as a reader sees it."""
    path = item_path(line.line.path)
    label = next(iter(written([Line(line.line.label + "x")]))).block.text[:-1]
    in_a_list = any(isinstance(step, int) for step in path)
    return (path if in_a_list else ()), label.strip().casefold()


def _name(block: Block) -> str:
    shown = next(spans(block.source), None)
    return fold(shown.text) if shown is not None else ""


def _optional(artifact: Artifact, title: str) -> Iterator[Line]:
    """Give the lines of members that a design may do without; they have no value here."""
    if title == APIS:
        for i in range(len(artifact.apis.internal)):
            for method in Method:
                label = f"  - {code(method)} payload, for example: "
                path: Path = ("apis", "internal", i, "payload_examples", method.value)
                yield Line(label + "x", Form.JSON, path, label)
        for i in range(len(artifact.apis.external)):
            for key, label in (("rate_limits", "Rate limit"), ("sla", "Service level")):
                path = ("apis", "external", i, key)
                yield Line(f"  - {label}: x", Form.TEXT, path, f"  - {label}: ")
    if title == STORAGE and artifact.scaling.notes is UNSET:
        label = "Partitioning, sharding, replication: "
        yield Line(label + "x", Form.TEXT, ("scaling", "notes"), label)
    if title == WATCH:
        label = "- Compliance notes: "
        yield Line(label + "x", Form.TEXT, ("compliance", "notes"), label)
        yield Line("- Traces: x", Form.LIST, ("observability", "traces"), "- Traces: ")
