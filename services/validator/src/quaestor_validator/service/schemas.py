"""The schemas that documents can be checked against: listed, read, registered."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.schemas import SchemaView
from quaestor_shared.errors import Conflict, InvalidInput, NotFound, PayloadTooLarge
from quaestor_shared.service import strict_json
from quaestor_shared.telemetry.context import principal
from quaestor_validator.domain.naming import named_by, naming_faults
from quaestor_validator.domain.schema_index import Registered, canonical
from quaestor_validator.registry import SchemaRegistry
from quaestor_validator.schemas import Schemas
from quaestor_validator.service.user_checks import UserChecks

__all__ = ["SchemaService"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_VERSION = re.compile(r"[1-9][0-9]{0,5}")


class SchemaService:
    """Lists, reads and registers schemas."""

    def __init__(
        self,
        built_in: Schemas,
        registry: SchemaRegistry,
        checks: UserChecks,
        *,
        max_schema_bytes: int,
    ) -> None:
        self._built_in = built_in
        self._registry = registry
        self._checks = checks
        self._max_bytes = max_schema_bytes

    async def list(
        self, name: str | None, after: tuple[str, int] | None, limit: int
    ) -> Sequence[SchemaView]:
        """List schemas without their documents, by name and version, after a place."""
        views = [schema.view(whole=False) for schema in self._built_in]
        if self._registry.is_open:
            views += [_view(schema) for schema in await self._registry.list()]
        chosen = (
            view
            for view in views
            if (name is None or view.name == name) and _place(view) > (after or ("", 0))
        )
        return sorted(chosen, key=_place)[:limit]

    async def read(self, name: str, version: str) -> SchemaView:
        """Give one schema with its document; `version` is a number or `latest`. Raises NotFound."""
        number = int(version) if _VERSION.fullmatch(version) else None
        if number is None and version != "latest":
            raise NotFound("A version is a number from 1 to 999999, or `latest`.")
        if self._built_in.has(name):
            return self._built_in.find(name, number).view(whole=True)
        found = await self._registry.find(name, number)
        return _view(found, await self._registry.content(found))

    async def register(
        self, name: str, version: str, uri: str | None, content: bytes
    ) -> tuple[SchemaView, bool]:
        """Register a schema: as it is kept, and whether it is new.

        Raises MalformedBody, InvalidInput with every fault of the schema, Conflict when the
        version has other content or a URI is taken, PayloadTooLarge.
        """
        number = _number(name, version)
        if self._built_in.has(name):
            raise Conflict(f"`{name}` is the name of a built-in schema; choose another.")
        if len(content) > self._max_bytes:
            raise PayloadTooLarge(f"The schema is larger than {self._max_bytes} bytes.")
        base = uri or canonical(f"{name}@{number}")
        document = strict_json.parse(content, nul=True)
        _refuse(naming_faults(document, base, uri))
        schema = Registered(
            name=name,
            version=number,
            digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
            author=principal.get(),
            own_id=named_by(document, base),
            uri=uri,
        )
        if (there := await self._registry.same(schema)) is not None:
            return _view(there, content), False
        await self._checks.check_schema(base, content)
        added, new = await self._registry.add(schema, content)
        return _view(added, content), new


def _place(view: SchemaView) -> tuple[str, int]:
    return view.name, view.version


def _view(schema: Registered, content: bytes | None = None) -> SchemaView:
    """Show a schema, with its document where its content is given."""
    document: Any = None if content is None else msgspec.Raw(content)  # sent as it is
    return SchemaView(
        name=schema.name,
        version=schema.version,
        id=schema.own_id or schema.base,
        uri=schema.uri,
        digest=schema.digest,
        author=schema.author,
        created_at=schema.at or None,
        document=document,
    )


def _number(name: str, version: str) -> int:
    """Give the version's number. Raises InvalidInput for a name or version that is none."""
    faults = []
    if not _NAME.fullmatch(name):
        message = "must be 1 to 64 lower-case letters, digits and hyphens, a letter first"
        faults.append(ErrorDetail(field="name", message=message))
    if not _VERSION.fullmatch(version):
        faults.append(ErrorDetail(field="version", message="must be a number from 1 to 999999"))
    _refuse(faults)
    return int(version)


def _refuse(faults: list[ErrorDetail]) -> None:
    if faults:
        raise InvalidInput("The schema cannot be registered under this name.", details=faults)
