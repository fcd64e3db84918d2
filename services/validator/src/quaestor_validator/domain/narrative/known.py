"""What an artifact knows, to look up what a document says in its own words."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.markdown import fold
from quaestor_validator.domain.narrative.breach import Path
from quaestor_validator.domain.narrative.figures import figures_of
from quaestor_validator.domain.quantities import Growth, ServiceLevel, growth_of
from quaestor_validator.domain.technologies import product_of
from quaestor_validator.domain.words import folded, singular

__all__ = ["Known"]

_WORD = re.compile(r"\w+(?:[-+./]\w+)*")
_PART = re.compile(r"\w+")
_MOST_WORDS = 4  # of a name that is looked for in a sentence
_MOST_LOOKS = 200  # for one text in another, where both may be long
_SHORTEST = 5


class Known:
    """The words, names, technologies and figures of an artifact."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self._looks = _MOST_LOOKS

    def has_text(self, text: str) -> bool:
        """Say whether a text stands anywhere; of many, the later ones are not judged."""
        self._looks -= 1
        return self._looks < 0 or text.casefold() in self._text

    def has_name(self, name: str) -> bool:
        """Say whether a name, or its plural, or that of a reference to it, is one of the words."""
        fold_ = folded(name)
        stems = {fold_, *(fold_.removesuffix(end) for end in ("s", "id", "ids"))}
        if any(stem and {stem, singular(stem)} & self._words for stem in stems):
            return True
        return len(fold_) >= _SHORTEST and self.has_text(name)

    def has_technology(self, name: str) -> bool:
        """Say whether a technology is named, by whatever name and version."""
        return folded(name) in self._words or product_of(name).name in self._products

    def items_in(self, text: str) -> set[Path]:
        """Give the paths of the items that a sentence names; of a name that two have, none."""
        words = list(_PART.finditer(text))
        found: set[Path] = set()
        for index, first in enumerate(words):
            for last in words[index : index + _MOST_WORDS]:
                if path := self._items.get(text[first.start() : last.end()]):
                    found.add(path)
        return found

    def has_figure(self, level: ServiceLevel) -> bool:
        """Say whether the number and the unit of a level stand anywhere."""
        figure = rf"(?<![\d.]){level.amount}\s*{re.escape(level.unit)}"
        return re.search(figure, self._text) is not None

    @cached_property
    def methods(self) -> frozenset[str]:
        """Every method that some internal API answers."""
        apis = self.artifact.apis.internal
        return frozenset(m for api in apis for m in (*api.methods, *api.payload_examples))

    @cached_property
    def figures(self) -> frozenset[tuple[str, float]]:
        """Every figure of a service level or limit, wherever it stands."""
        return frozenset(figure for text in _texts(self._document) for figure in figures_of(text))

    @cached_property
    def growths(self) -> frozenset[Growth]:
        """How every entity grows."""
        read = (growth_of(entity.expected_growth) for entity in self.artifact.entities)
        return frozenset(growth for growth in read if growth is not None)

    @cached_property
    def _document(self) -> Any:  # noqa: ANN401 - JSON
        return msgspec.to_builtins(self.artifact)

    @cached_property
    def _text(self) -> str:
        return msgspec.json.encode(self.artifact).decode().casefold()

    @cached_property
    def _words(self) -> frozenset[str]:
        found: set[str] = set()
        for text in _texts(self._document):
            for word in (*_WORD.findall(text), *_PART.findall(text)):
                found.update((folded(word), singular(folded(word))))
        return frozenset(found)

    @cached_property
    def _products(self) -> frozenset[str]:
        stores = (store.technology for store in self.artifact.storage)
        return frozenset(product_of(text).name for text in (*stores, *self._words))

    @cached_property
    def _items(self) -> dict[str, Path]:
        """The path of each item by its name, and by the first word of a longer one."""
        a = self.artifact
        names: list[tuple[str, Path]] = [
            *((e.name, ("entities", i)) for i, e in enumerate(a.entities)),
            *((x.name, ("apis", "internal", i)) for i, x in enumerate(a.apis.internal)),
            *((x.provider, ("apis", "external", i)) for i, x in enumerate(a.apis.external)),
            *((p.name, ("processes", i)) for i, p in enumerate(a.processes)),
        ]
        found: dict[str, Path] = {}
        for name, path in names:
            for key in {fold(name), fold(name).partition(" ")[0]} - {""}:
                found[key] = path if found.get(key, path) == path else ()
        return found


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Give every text of a document, names of members in examples included."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            stack += [*each, *each.values()]
        elif isinstance(each, list | tuple):
            stack += each
