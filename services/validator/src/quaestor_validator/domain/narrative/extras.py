"""What a document tells beside the lines that would be written now.

People write freely, so little is taken for a claim here: a name where items begin, written like
the names of known items; an item of a list of assumptions or questions; a figure, a method or an
address in what is told of a known item; a well-known store among the stores.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

import msgspec

from quaestor_shared.contracts.artifact import Artifact, Method
from quaestor_shared.markdown import fold
from quaestor_shared.narrative import APIS, DATA, DEPENDENCIES, PROCESSES, QUESTIONS, STORAGE
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.blocks import Block, Kind
from quaestor_validator.domain.narrative.breach import UNKNOWN, Breach, Path
from quaestor_validator.domain.narrative.decisions import Decision
from quaestor_validator.domain.narrative.differences import unknown_figure, value_at
from quaestor_validator.domain.narrative.figures import new_figures
from quaestor_validator.domain.narrative.items import leads, owners
from quaestor_validator.domain.narrative.values import Shown, spans
from quaestor_validator.domain.nearest import Nearest
from quaestor_validator.domain.quantities import ServiceLevel
from quaestor_validator.domain.rules.patches import append
from quaestor_validator.domain.technologies import is_known

__all__ = ["Extras"]

_FEW_WORDS = 3
# What headings say that are the name of nothing.
_COMMON = re.compile(
    r"\b(?:internal|external|notes?|overview|summary|general|details?|examples?|relationships?|fields"
    r"|index(?:es)?|caching|scaling|diagrams?|migrations?|other|others|todo|changes|history|faq)\b",
    re.IGNORECASE,
)
_MOST_LOOKS = 200  # for one text in another, where both may be long
_WHAT = {DATA: "entity", APIS: "API", PROCESSES: "process", STORAGE: "store"}
_LISTS = {DATA: ("entities",), PROCESSES: ("processes",), STORAGE: ("storage",), APIS: ("apis",)}
_WORD = re.compile(r"[A-Za-z][\w.+-]*")
_METHOD = re.compile(rf"\b({'|'.join(Method)})\b")
_ADDRESS = re.compile(r"https?://[^\s`<>()\"',]+[^\s`<>()\"',.;:]")
_LABEL = re.compile(r"[A-Z][A-Za-z ]{2,30}:")
_IDENTIFIER = re.compile(r"[A-Za-z][a-z0-9]*(?:[A-Z_/.-][A-Za-z0-9]*)+|/\S+|[a-z0-9]+_\w+")


class Extras:
    """Looks at the blocks of one subsection that are no line of the generated one."""

    def __init__(
        self,
        artifact: Artifact,
        title: str,
        decisions: Sequence[Decision],
        part: Sequence[Block],
    ) -> None:
        self._artifact = artifact
        self._title = title
        self._part = part
        self._items = {fold(d.item): _item(d.path) for d in decisions if d.item and d.item.strip()}
        self._owners = owners(part, self._items)
        self._leads = set(leads(part, self._items)) if title in _WHAT else set()
        self._told = {fold(decision.text) for decision in decisions}
        self._few = list(islice(self._told, _MOST_LOOKS))
        self._looks = _MOST_LOOKS

    def breaches(self, index: int) -> Iterator[Breach]:
        """Find what the block at an index tells that the artifact does not know."""
        block = self._part[index]
        if (strange := self._strange[index]) is not None:
            if index in self._leads:
                yield self._unknown_name(block, strange)
            return
        if self._title in (DEPENDENCIES, QUESTIONS):
            yield from self._unknown_text(block)
        owner = self._owners[index]
        if owner is not None and block.kind is not Kind.CODE:
            yield from self._figures(block, self._items[owner])
            yield from self._methods(block, self._items[owner])
        if self._title == APIS:
            yield from self._addresses(block)
        if self._title == STORAGE and block.kind is not Kind.CODE:
            yield from self._stores(block)

    @cached_property
    def _text(self) -> str:
        """Everything that the artifact says, to look for a word in."""
        return msgspec.json.encode(self._artifact).decode().casefold()

    @cached_property
    def _strange(self) -> list[Shown | None]:
        """Give, for each block, the name of the unknown item that it belongs to."""
        found: list[Shown | None] = []
        inside: Shown | None = None
        for index, block in enumerate(self._part):
            if index in self._leads:
                inside = self._strange_name(block)
            elif block.kind is Kind.HEADING or self._owners[index] is not None:
                inside = None
            found.append(inside)
        return found

    def _is_told(self, text: str) -> bool:
        """Say whether the artifact has a text anywhere; of many, the later ones are not judged."""
        self._looks -= 1
        return self._looks < 0 or text.casefold() in self._text

    def _strange_name(self, block: Block) -> Shown | None:
        """Give the name that a block begins with, where it is one, and nothing knows it."""
        shown = next(spans(block.source), None)
        plain_heading = block.kind is Kind.HEADING and shown is None
        if plain_heading and len(block.text.split()) <= _FEW_WORDS:
            shown = Shown(block.text, block.source)
            return None if self._is_told(shown.text) or _COMMON.search(shown.text) else shown
        if shown is None or not block.source.lstrip("*_").startswith(shown.source):
            head = re.match(r"(?:\*\*|__)?([^\s*:,]+)", block.source)
            if head is None or not _IDENTIFIER.fullmatch(head[1].rstrip("_*")):
                return None
            shown = Shown(head[1].rstrip("_*"), head[1].rstrip("_*"))
        known = not shown.text or shown.text in self._items or self._is_told(shown.text)
        return None if known else shown

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
        if block.kind is not Kind.ITEM or not block.text or block.text in self._told:
            return
        if _LABEL.match(block.text) or any(text and text in block.text for text in self._few):
            return
        key = "open_questions" if self._title == QUESTIONS else "assumptions"
        yield Breach(
            code=UNKNOWN,
            block=block,
            shown=Shown(block.text, block.source),
            path=(key,),
            message=f"the document tells of {cut(block.text)}, which is none of the {_words(key)}",
            patch=append((key,), block.text),
        )

    def _figures(self, block: Block, path: Path) -> Iterator[Breach]:
        """Find service levels in what is told of an item that stand nowhere in the artifact."""
        told = Shown(block.text, block.source)
        for shown, level in new_figures(told, self._said_of(path)):
            if not self._is_written(level):
                yield unknown_figure(block, shown, path)

    def _said_of(self, path: Path) -> Iterator[str]:
        item = msgspec.to_builtins(value_at(self._artifact, path))
        yield from (text for text in item.values() if isinstance(text, str))

    def _is_written(self, level: ServiceLevel) -> bool:
        """Say whether the number and unit stand anywhere in the artifact."""
        self._looks -= 1
        figure = rf"(?<![\d.]){level.amount}\s*{re.escape(level.unit)}"
        return self._looks < 0 or re.search(figure, self._text) is not None

    def _methods(self, block: Block, path: Path) -> Iterator[Breach]:
        if path[:2] != ("apis", "internal"):
            return
        api = self._artifact.apis.internal[int(path[2])]
        for match in _METHOD.finditer(block.text):
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

    def _addresses(self, block: Block) -> Iterator[Breach]:
        for match in _ADDRESS.finditer(block.source):
            if not self._is_told(match[0].rstrip("/")):
                yield Breach(
                    code=UNKNOWN,
                    block=block,
                    shown=Shown(match[0], match[0]),
                    path=("apis",),
                    message=f"the document has the address {cut(match[0])}, which no API has",
                )

    def _stores(self, block: Block) -> Iterator[Breach]:
        for word in _WORD.finditer(block.text):
            name = word[0].rstrip(".-")
            if name[:1].isupper() and is_known(name) and not self._is_told(name):
                yield Breach(
                    code=UNKNOWN,
                    block=block,
                    shown=Shown(name, name),
                    path=("storage",),
                    message=f"the document tells of {cut(name)}, which is none of the stores",
                    expected=", ".join(cut(store.technology) for store in self._artifact.storage),
                )


def _item(path: Path) -> Path:
    """Give the path of the item that a decision belongs to."""
    return path[: 3 if path[0] == "apis" else 2]


def _words(key: str) -> str:
    return key.replace("_", " ")
