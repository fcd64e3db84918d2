"""Which schemas users have registered, folded from the events that tell of it."""

from bisect import insort
from collections.abc import Iterator

import msgspec

from quaestor_validator.domain.references import BASE

__all__ = ["Registered", "SchemaIndex", "canonical"]


class Registered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A schema that was registered, by whom and when.

    `digest` names its bytes; `own_id` is its absolute `$id`.
    """

    name: str
    version: int
    digest: str
    author: str
    at: str = ""
    own_id: str | None = None
    uri: str | None = None

    @property
    def label(self) -> str:
        """The name and version as one word: `order@1`."""
        return f"{self.name}@{self.version}"

    @property
    def base(self) -> str:
        """The URI that its references start from where it has no `$id` (RFC 3986, 5.1)."""
        return self.uri or canonical(self.label)

    @property
    def uris(self) -> tuple[str, ...]:
        """Every URI that others refer to it by."""
        given = (self.own_id, self.uri)
        return (canonical(self.label), *dict.fromkeys(uri for uri in given if uri is not None))


class SchemaIndex:
    """Finds registered schemas by name, by version and by URI."""

    def __init__(self) -> None:
        self.position = 0
        self._by_label: dict[str, Registered] = {}
        self._by_uri: dict[str, Registered] = {}
        self._versions: dict[str, list[int]] = {}
        self._order: list[tuple[str, int]] = []

    def add(self, schema: Registered, position: int) -> None:
        """Take in the event at a position of the journal."""
        self.position = position
        self._by_label[schema.label] = schema
        self._by_uri.update(dict.fromkeys(schema.uris, schema))
        insort(self._versions.setdefault(schema.name, []), schema.version)
        insort(self._order, (schema.name, schema.version))

    def find(self, name: str, version: int | None) -> Registered | None:
        """Give a schema; the highest version for None."""
        if version is None and name in self._versions:
            version = self._versions[name][-1]
        return self._by_label.get(f"{name}@{version}")

    def at(self, uri: str) -> Registered | None:
        """Give the schema that a URI means."""
        return self._by_uri.get(uri)

    def __iter__(self) -> Iterator[Registered]:
        """Give every schema, by name and version."""
        return (self._by_label[f"{name}@{version}"] for name, version in self._order)


def canonical(label: str) -> str:
    """Give the URI that `name@version` stands for."""
    return BASE + label
