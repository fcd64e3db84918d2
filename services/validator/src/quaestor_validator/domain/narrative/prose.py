"""Claims in what people write freely: sentences of paragraphs, list items and rows of tables.

Nothing here understands prose. What counts is a name of a well-known store, an address, a method, a
name in code that looks like one of an entity, a field or an endpoint, and a figure that sounds like
a promise; each only where nothing in the artifact knows it, and not in a question, nor in a
sentence that says "not".
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from quaestor_shared.markdown import plain
from quaestor_shared.narrative import APIS, DATA, PROCESSES, STORAGE
from quaestor_shared.service.schema_messages import cut
from quaestor_validator.domain.narrative.blocks import Block
from quaestor_validator.domain.narrative.breach import CLAIM, UNKNOWN, Breach, Path
from quaestor_validator.domain.narrative.known import Known
from quaestor_validator.domain.narrative.names import claimed_name
from quaestor_validator.domain.narrative.promises import new_promises
from quaestor_validator.domain.narrative.values import METHOD, Shown, spans
from quaestor_validator.domain.rules.patches import append
from quaestor_validator.domain.technologies import is_known, may_be_a_word

__all__ = ["claims"]

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_DENIED = re.compile(
    r"\b(?:not|no|never|without|nor|neither|cannot|instead of|rather than|unlike)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_TECHNOLOGY = re.compile(r"[A-Za-z][\w+-]*(?:\.[\w+-]+)*(?: Server\b)?")
_ADDRESS = re.compile(r"https?://[^\s`<>()\"',|]+[^\s`<>()\"',|.;:]")
_ABOUT_CALLS = re.compile(
    r"\b(?:apis?|endpoints?|methods?|requests?|calls?|callers?|http|answers?)\b", re.IGNORECASE
)
# Of one block; whoever writes more into one paragraph is told of the first.
_MOST_CLAIMS = 100
_PLACES: dict[str, Path] = {
    DATA: ("entities",),
    APIS: ("apis",),
    PROCESSES: ("processes",),
    STORAGE: ("storage",),
}


class _Sentence(NamedTuple):
    """A sentence, where it stands, and the items of the artifact that it is about."""

    block: Block
    source: str
    text: str
    items: frozenset[Path]
    place: Path

    @property
    def about(self) -> Path | None:
        """Give the one item that it is about."""
        return next(iter(self.items)) if len(self.items) == 1 else None


def claims(known: Known, title: str, block: Block, owner: Path | None) -> Iterator[Breach]:
    """Find what a block claims in prose, each once; `owner` is the item that it stands under."""
    told: set[tuple[str, Path, str]] = set()
    for breach in islice(_claims(known, title, block, owner), _MOST_CLAIMS):
        claim = breach.code, breach.path, breach.shown.text
        if claim not in told:
            told.add(claim)
            yield breach


def _claims(known: Known, title: str, block: Block, owner: Path | None) -> Iterator[Breach]:
    for source in _SENTENCE_END.split(block.source):
        text = plain(source)
        if text.endswith("?") or _DENIED.search(text):
            continue
        items = frozenset(known.items_in(text))
        if not items and owner is not None:
            items = frozenset([owner])
        sentence = _Sentence(block, source, text, items, _PLACES.get(title, ()))
        yield from _technologies(known, sentence)
        yield from _addresses(known, sentence, every=title == APIS)
        yield from _names(known, sentence)
        yield from _methods(known, sentence, owner)
        if owner is None:
            yield from _figures(known, sentence)


def _technologies(known: Known, sentence: _Sentence) -> Iterator[Breach]:
    for word in _TECHNOLOGY.finditer(sentence.text):
        parts = (word[0], word[0].partition(" ")[0])
        name = next((part for part in parts if is_known(part)), None)
        if name is None or known.has_technology(name):
            continue
        if name[0].isupper() or not may_be_a_word(name):
            yield Breach(
                code=UNKNOWN,
                block=sentence.block,
                shown=Shown(name, name),
                path=("storage",),
                message=f"the document tells of {cut(name)}, which is none of the stores",
                expected=", ".join(cut(s.technology) for s in known.artifact.storage),
            )


def _addresses(known: Known, sentence: _Sentence, *, every: bool) -> Iterator[Breach]:
    """Find addresses; where links to other documents may stand, not those behind a text."""
    for match in _ADDRESS.finditer(sentence.source):
        linked = sentence.source.startswith("](", max(0, match.start() - 2)) and not every
        if not linked and not known.has_text(match[0].rstrip("/")):
            yield Breach(
                code=UNKNOWN,
                block=sentence.block,
                shown=Shown(match[0], match[0]),
                path=("apis",),
                message=f"the document has the address {cut(match[0])}, which no API has",
            )


def _names(known: Known, sentence: _Sentence) -> Iterator[Breach]:
    done = 0
    for shown in spans(sentence.source):
        at = sentence.source.index(shown.source, done)
        done = at + len(shown.source)
        claimed = claimed_name(known, shown, sentence.source, at)
        if claimed is None:
            continue
        what, place = claimed
        entity = sentence.about if sentence.about and sentence.about[0] == "entities" else None
        told = f"the text names the {what} {cut(shown.text)}"
        yield Breach(
            code=CLAIM,
            block=sentence.block,
            shown=shown,
            path=(*entity, "fields") if what == "field" and entity else place,
            message=f"{told}, which the artifact does not have",
        )


def _methods(known: Known, sentence: _Sentence, owner: Path | None) -> Iterator[Breach]:
    """Find methods that the APIs of a sentence do not answer; of no API, those that none does."""
    if owner is not None and owner[:2] == ("apis", "internal"):
        return  # what is told of one API is compared with it alone
    apis = known.artifact.apis.internal
    named = [apis[int(path[2])] for path in sentence.items if path[:2] == ("apis", "internal")]
    about = sentence.about if named else None
    if not named and not _ABOUT_CALLS.search(sentence.text) and "`" not in sentence.source:
        return
    answered = {m for api in named for m in (*api.methods, *api.payload_examples)}
    for method in dict.fromkeys(METHOD.findall(sentence.text)):
        if method in (answered if named else known.methods):
            continue
        place: Path = (*about, "methods") if about else ("apis", "internal")
        yield Breach(
            code=UNKNOWN if about else CLAIM,
            block=sentence.block,
            shown=Shown(method, method),
            path=place,
            message=f"the document tells of {method}, the artifact does not",
            expected=", ".join(sorted(answered)) or None,
            patch=append(place, method) if about else (),
        )


def _figures(known: Known, sentence: _Sentence) -> Iterator[Breach]:
    about = sentence.about
    for shown, key in new_promises(known, sentence.text, sentence.source, about):
        place = about if about is not None else sentence.place
        yield Breach(
            code=UNKNOWN if about else CLAIM,
            block=sentence.block,
            shown=shown,
            path=(*place, key) if key else place,
            message=f"the document has the figure {cut(shown.text)}, the artifact has not",
        )
