"""What a document tells beside the lines that would be written now.

A block with the label of a line is that line told again, or one that the artifact has no value for.
What is left is written freely, so little is taken for a claim: a name where items begin, written
like the names of known items; an item of a list of assumptions or questions; a figure or a method
in what is told of a known item; and what `prose` finds.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

import msgspec

from quaestor_shared.markdown import fold
from quaestor_shared.narrative import APIS, DATA, DEPENDENCIES, PROCESSES, QUESTIONS, STORAGE, Form
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.alignment import Written
from quaestor_validator.domain.narrative.blocks import Block, Kind
from quaestor_validator.domain.narrative.breach import UNKNOWN, Breach, Path
from quaestor_validator.domain.narrative.decisions import Decision, item_path
from quaestor_validator.domain.narrative.figures import new_figures
from quaestor_validator.domain.narrative.items import COMMON, IDENTIFIER, Layout
from quaestor_validator.domain.narrative.known import Known
from quaestor_validator.domain.narrative.labels import Labels
from quaestor_validator.domain.narrative.prose import claims
from quaestor_validator.domain.narrative.tables import first_cell, is_row
from quaestor_validator.domain.narrative.values import METHOD, Shown, spans, value_at
from quaestor_validator.domain.narrative.whole import unknown_figure
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.quantities import ServiceLevel
from quaestor_validator.domain.rules.patches import append

__all__ = ["Extras"]

_FEW_WORDS = 3
_MOST_LOOKS = 200  # for one text in another, where both may be long
_WHAT = {DATA: "entity", APIS: "API", PROCESSES: "process", STORAGE: "store"}
_LISTS = {DATA: ("entities",), PROCESSES: ("processes",), STORAGE: ("storage",), APIS: ("apis",)}
_LABEL = re.compile(r"[A-Z][A-Za-z ]{2,30}:")


class Extras:
    """Looks at the blocks of one subsection that are no line of the generated one."""

    def __init__(
        self,
        known: Known,
        title: str,
        decisions: Sequence[Decision],
        lines: Sequence[Written],
        part: Sequence[Block],
    ) -> None:
        self._known = known
        self._title = title
        self._part = part
        self._items = {
            fold(d.item): item_path(d.path) for d in decisions if d.item and d.item.strip()
        }
        self._names = {item_path(d.path): fold(d.item) for d in decisions if d.item}
        self._layout = Layout(part, self._items)
        self._labels = Labels(known.artifact, title, lines)
        self._renamed: dict[int, Path] = {}
        self._told = {fold(decision.text) for decision in decisions}
        self._few = list(islice(self._told, _MOST_LOOKS))
        self._looks = _MOST_LOOKS

    def takes(self, line: Written, index: int) -> bool:
        """Say whether the block at an index may be a line, by the item that it stands under."""
        path = item_path(line.line.path)
        start = self._layout.starts[index]
        if line.line.form is Form.ITEM:
            return self._part[index].text not in self._told  # else it stands in another order
        if line.line.form in (Form.NAME, Form.STORE):
            if start == index and self._layout.owners[index] not in (None, self._names.get(path)):
                return False  # another item, which stands in another order
            if index in self._layout.strangers:
                self._renamed[index] = path  # an item under another name
            return True
        name = self._names.get(path)
        return not name or start is None or self._names.get(self._owner(index) or ()) == name

    def breaches(self, index: int) -> Iterator[Breach]:
        """Find what the block at an index tells that the artifact does not know."""
        block, owner = self._part[index], self._owner(index)
        start = self._layout.starts[index]
        if owner is None and start is not None and (strange := self._strange(start)) is not None:
            if start == index and self._title in _WHAT:
                yield self._unknown_name(block, strange)
            return
        if (again := self._labels.told_by(block, owner)) is not None:
            yield from again
            return
        found = [*self._unknown_text(block)]
        if owner is not None and block.kind is not Kind.CODE:
            found += [*self._figures(block, owner), *self._methods(block, owner)]
        yield from found
        if block.kind is not Kind.CODE and not (found and found[0].path[0] != "apis"):
            yield from claims(self._known, self._title, block, owner)

    def _owner(self, index: int) -> Path | None:
        """Give the path of the item that a block belongs to."""
        start = self._layout.starts[index]
        name = self._layout.owners[index]
        if start in self._renamed:
            return self._renamed[start]
        if name is None:
            return None
        return self._items[name]

    def _strange(self, start: int) -> Shown | None:
        if start not in self._strange_names and start in self._layout.strangers:
            self._strange_names[start] = self._strange_name(self._part[start])
        return self._strange_names.get(start)

    @cached_property
    def _strange_names(self) -> dict[int, Shown | None]:
        return {}

    def _strange_name(self, block: Block) -> Shown | None:
        """Give the name that a block begins with, where it is one, and nothing knows it."""
        shown = next(spans(block.source), None)
        if (block.kind is Kind.HEADING and shown is None) or is_row(block):
            name = first_cell(block) if is_row(block) else block.text
            plain = Shown(name, name)
            few = 0 < len(name.split()) <= _FEW_WORDS and name[0].isalpha()
            return plain if few and not COMMON.search(name) and not self._is_told(name) else None
        if shown is None or not block.source.lstrip("*_").startswith(shown.source):
            head = re.match(r"(?:\*\*|__)?([^\s*:,]+)", block.source)
            if head is None or not IDENTIFIER.fullmatch(head[1].rstrip("_*")):
                return None
            shown = Shown(head[1].rstrip("_*"), head[1].rstrip("_*"))
        known = not shown.text or shown.text in self._items or self._is_told(shown.text)
        return None if known else shown

    def _is_told(self, text: str) -> bool:
        return self._known.has_text(text)

    def _unknown_name(self, block: Block, shown: Shown) -> Breach:
        what = _WHAT[self._title]
        return Breach(
            code=UNKNOWN,
            block=block,
            shown=shown,
            path=_LISTS[self._title],
            message=f"the document tells of the {what} {cut(shown.text)}, which is not there",
            expected=cut(", ".join(self._items)) if self._items else "none",
            did_you_mean=Nearest(self._items).to(shown.text),
        )

    def _unknown_text(self, block: Block) -> Iterator[Breach]:
        """Find an assumption or a question that stands in a list, and only there."""
        if self._title not in (DEPENDENCIES, QUESTIONS) or block.kind is not Kind.ITEM:
            return
        if is_row(block):
            return
        if not block.text or block.text in self._told or _LABEL.match(block.text):
            return
        if any(text and text in block.text for text in self._few):
            return
        key = "open_questions" if self._title == QUESTIONS else "assumptions"
        told = f"the document tells of {cut(block.text)}"
        yield Breach(
            code=UNKNOWN,
            block=block,
            shown=Shown(block.text, block.source),
            path=(key,),
            message=f"{told}, which is none of the {key.replace('_', ' ')}",
            patch=append((key,), block.text),
        )

    def _figures(self, block: Block, path: Path) -> Iterator[Breach]:
        """Find service levels in what is told of an item that stand nowhere in the artifact."""
        told = Shown(block.text, block.source)
        item = msgspec.to_builtins(value_at(self._known.artifact, path))
        own = [text for text in item.values() if isinstance(text, str)]
        for shown, level in new_figures(told, own):
            if not self._is_written(level):
                yield unknown_figure(block, shown, path)

    def _is_written(self, level: ServiceLevel) -> bool:
        """Say whether the number and unit stand anywhere in the artifact."""
        self._looks -= 1
        return self._looks < 0 or self._known.has_figure(level)

    def _methods(self, block: Block, path: Path) -> Iterator[Breach]:
        if path[:2] != ("apis", "internal"):
            return
        api = self._known.artifact.apis.internal[int(path[2])]
        for match in METHOD.finditer(block.text):
            if match[1] not in api.methods and match[1] not in api.payload_examples:
                place = (*path, "methods")
                yield Breach(
                    code=UNKNOWN,
                    block=block,
                    shown=Shown(match[1], match[1]),
                    path=place,
                    message=f"the document tells of {match[1]}, {cut(api.name)} does not",
                    expected=", ".join(api.methods),
                    patch=append(place, match[1]),
                )
