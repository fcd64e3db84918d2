"""The fields of a design's entities, as rules look at them: by name, by type, by what they mean.

A design may have tens of thousands, so they are looked at one by one as seldom as can be: what
all of them, or their distinct names, rule out is not looked for in each.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

import msgspec

from quaestor_shared.contracts.artifact import Entity
from quaestor_validator.domain.lazy import lazy
from quaestor_validator.domain.personal_data import (
    may_be_personal,
    may_have_personal,
    personal_kind,
)

__all__ = ["Fields", "PersonalField"]


class PersonalField(msgspec.Struct, frozen=True):
    """A field that, by its name, holds data about a person."""

    entity: int
    field: int
    name: str
    kind: str


class Fields:
    """The fields of some entities."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = entities
        self.distinct: set[str] = set()
        """Every name, once."""
        self.types: set[str] = set()
        """What stands behind the name of a field, its type and constraints, each once."""
        self.without_id: list[int] = []
        """The entities that have no field with the name `id`."""
        self._has_twins = False
        self._read()
        # Nothing but a space may part a name from what comes after it.
        self._joined = " ".join(self.distinct)
        folded = " ".join(self._joined.split())
        self._is_plain = "" not in self.distinct and folded == self._joined
        if not self._is_plain:
            self._read_with_care()

    def _read(self) -> None:
        """Read fields as if each started with its name, and a space came after that."""
        add_type = self.types.add
        for i, entity in enumerate(self._entities):
            own: set[str] = set()
            add = own.add
            for field in entity.fields:
                name, _, rest = field.partition(" ")
                add(name)
                add_type(rest)
            self.distinct |= own
            if len(own) != len(entity.fields):
                self._has_twins = True
            if "id" not in own:
                self.without_id.append(i)

    def _read_with_care(self) -> None:
        """Read fields of which some start with white space, or have another kind after the name."""
        sets = list(map(set, self.names))
        self.distinct = set().union(*sets)
        self._joined = " ".join(self.distinct)
        self.types = {f.strip().partition(" ")[2] for e in self._entities for f in e.fields}
        self.without_id = [i for i, own in enumerate(sets) if "id" not in own]

    @lazy
    def names(self) -> list[list[str]]:
        """The name of each field, which is its first word, by entity; a blank one has none: ""."""
        if self._is_plain:
            return [[f.partition(" ")[0] for f in e.fields] for e in self._entities]
        return [[(f.split(None, 1) or ("",))[0] for f in e.fields] for e in self._entities]

    @lazy
    def text(self) -> str:
        """The distinct names without their case, parted by spaces."""
        return self._joined.casefold()

    @lazy
    def referring(self) -> list[str]:
        """What stands behind the names of fields, where it has the word `references` in it."""
        if "references" not in "\n".join(self.types).lower():
            return []
        return [text for text in self.types if "references" in text.lower()]

    @lazy
    def folds(self) -> list[list[str]]:
        """The name of each field without its case, by entity."""
        if self.is_folded:
            return self.names
        flat = "\0".join(chain.from_iterable(self.names)).casefold().split("\0")
        counts = [len(names) for names in self.names]
        if len(flat) != sum(counts):
            return [[name.casefold() for name in names] for names in self.names]
        ends = list(accumulate(counts))
        return [flat[end - count : end] for count, end in zip(counts, ends, strict=True)]

    @lazy
    def is_folded(self) -> bool:
        """Whether no name has a capital."""
        return self.text == self._joined

    @lazy
    def may_have_twins(self) -> bool:
        """Whether a name may stand twice in an entity, its case aside."""
        if self._has_twins or not self._is_plain:
            return True
        return not self.is_folded and len(set(self.text.split(" "))) != len(self.distinct)

    def named(self, *parts: str) -> Iterator[tuple[int, int, str]]:
        """Give entity, field and name of the fields whose names have one of these parts in them."""
        parts = tuple(filter(self.text.__contains__, parts))
        if not parts:
            return
        for i, names in enumerate(self.folds):
            for j, name in enumerate(names):
                if any(part in name for part in parts):
                    yield i, j, self.names[i][j]

    @lazy
    def personal(self) -> tuple[PersonalField, ...]:
        """The fields that hold data about people, by their names."""
        ends = {name.rpartition("_")[2] for name in self.distinct}
        is_plain = self.is_folded and self.text.isascii() and "-" not in self.text
        if is_plain and not may_have_personal(self.text, ends):
            return ()
        kinds = {
            name: kind
            for name in self.distinct
            if may_be_personal(name) and (kind := personal_kind(name))
        }
        return tuple(
            PersonalField(i, j, name, kinds[name])
            for i, names in enumerate(self.names if kinds else ())
            for j, name in enumerate(names)
            if name in kinds
        )
