"""The schemas that users registered, as artifact-store has them; what was read is kept."""

import asyncio
from collections.abc import Sequence

from quaestor_shared.errors import Conflict, NotFound, Unavailable, VersionMismatch
from quaestor_validator.clients import StoreClient
from quaestor_validator.contents import Contents
from quaestor_validator.domain.schema_index import Registered, SchemaIndex
from quaestor_validator.schemas import Schemas
from quaestor_validator.workers.protocol import Learn, Schema

__all__ = ["SchemaRegistry"]

_RACES = 20
_NO_STORE = (
    "Users' schemas are kept in artifact-store, and this service was told of none: set "
    "QUAESTOR_VALIDATOR_ARTIFACT_STORE_URL. Built-in and inline schemas work without."
)


class SchemaRegistry:
    """Finds, reads and adds schemas. What is registered never changes, so nothing kept is old.

    Only what is not known yet, the latest version and the whole list are asked for anew. Without
    a store everything raises Unavailable but `lesson`, which knows the built-in schemas.
    """

    def __init__(self, store: StoreClient | None, built_in: Schemas, cached_bytes: int) -> None:
        self._store = store
        self._built_in = built_in
        self._index = SchemaIndex()
        self._contents = Contents(cached_bytes)
        self._reading = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Say whether there is a store to keep schemas in."""
        return self._store is not None

    async def find(self, name: str, version: int | None) -> Registered:
        """Give a schema by its version, or the latest one. Raises NotFound."""
        found = self._index.find(name, version) if version is not None else None
        if found is None:
            await self._read_on()
            found = self._index.find(name, version)
        if found is None:
            raise NotFound(f"There is no schema `{name}@{version or 'latest'}`.")
        return found

    async def label(self, name: str, version: int | None) -> str:
        """Give a schema's name and version, be it built in or registered. Raises NotFound."""
        if self._built_in.has(name):
            return self._built_in.find(name, version).label
        return (await self.find(name, version)).label

    async def list(self) -> list[Registered]:
        """Give every schema, by name and version."""
        await self._read_on()
        return list(self._index)

    async def content(self, schema: Registered) -> bytes:
        """Read a schema's bytes. Raises Unavailable when the store has lost them."""
        content = self._contents.get(schema.digest)
        if content is None:
            try:
                content = await self._kept_in().content(schema.digest)
            except NotFound as error:  # purged from the store, past the registry
                message = f"The content of `{schema.label}` is gone from artifact-store."
                raise Unavailable(message, retry_after=3_600) from error
            self._contents.put(schema.digest, content)
        return content

    async def lesson(self, uris: Sequence[str]) -> Learn:
        """Give the schemas at these URIs; where there is none, it is absent."""
        known = {
            uri: Schema(base=uri, text=text)
            for uri in uris
            if (text := self._built_in.text_at(uri)) is not None
        }
        others = [uri for uri in uris if uri not in known]
        if self._store is not None and any(self._index.at(uri) is None for uri in others):
            await self._read_on()
        found = [(uri, schema) for uri in others if (schema := self._index.at(uri)) is not None]
        texts = await asyncio.gather(*(self.content(schema) for _, schema in found))
        for (uri, schema), text in zip(found, texts, strict=True):
            known[uri] = Schema(base=schema.base, text=text)
        return Learn(known=known, absent=tuple(uri for uri in others if uri not in known))

    async def same(self, schema: Registered) -> Registered | None:
        """Give the schema if it is there already. Raises Conflict when it would change another."""
        await self._read_on()
        there = self._index.find(schema.name, schema.version)
        if there is not None:
            if (there.digest, there.uri) == (schema.digest, schema.uri):
                return there
            raise Conflict(
                f"`{there.label}` is registered with other content, and a version never changes; "
                "take the next number.",
                meta={"digest": there.digest},
            )
        for uri in schema.uris:
            other = self._index.at(uri)
            if other is not None:
                raise Conflict(f"`{uri}` names `{other.label}` already; give each schema its own.")
        return None

    async def add(self, schema: Registered, content: bytes) -> tuple[Registered, bool]:
        """Register a schema: as it is kept, and whether it is new. Raises Conflict."""
        store = self._kept_in()
        for _ in range(_RACES):
            if (there := await self.same(schema)) is not None:
                return there, False
            try:
                await store.register(schema, content, self._index.position)
            except VersionMismatch:
                continue  # another was registered in between, this one maybe
            self._contents.put(schema.digest, content)
            return await self.find(schema.name, schema.version), True
        raise Unavailable("Too many schemas are being registered at once; try again.")

    async def _read_on(self) -> None:
        """Read what was registered since the last time."""
        store = self._kept_in()
        async with self._reading:
            for position, schema in await store.events(self._index.position):
                self._index.add(schema, position)

    def _kept_in(self) -> StoreClient:
        if self._store is None:
            raise Unavailable(_NO_STORE, retry_after=3_600)
        return self._store
