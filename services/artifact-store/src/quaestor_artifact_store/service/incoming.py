"""The content of a version to create, on its way into the blob store, or there already."""

from typing import NamedTuple

from quaestor_artifact_store.blobs import BlobStore
from quaestor_artifact_store.database import Database
from quaestor_artifact_store.domain.content import content_of, digest_of
from quaestor_artifact_store.domain.search.document import MOST_CONTENT
from quaestor_artifact_store.repository import blobs as rows
from quaestor_shared.contracts.errors import ErrorDetail
from quaestor_shared.contracts.versions import CreateVersion
from quaestor_shared.errors import InvalidInput

__all__ = ["Incoming", "take_in"]


class Incoming(NamedTuple):
    """A content that is in the blob store. `read` is what of it the index is made of."""

    digest: str
    size: int
    read: bytes
    uploaded: bool


async def take_in(
    database: Database,
    blobs: BlobStore,
    request: CreateVersion,
    place: str,
    *,
    dry_run: bool = False,
) -> Incoming:
    """Put what came with the request, or find what was uploaded before; a dry run puts nothing.

    Raises InvalidInput, with `place` before the field, for a digest that nothing was uploaded
    under.
    """
    if request.digest is None:
        content = content_of(request)
        digest = digest_of(content)
        if not dry_run:
            await blobs.put(digest, content)
        return Incoming(digest, len(content), content, uploaded=False)
    digest = request.digest
    found = await database.read(lambda c: rows.find(c, digest))
    if found is None:
        message = f"upload the content first: PUT /v1/blobs/{digest}"
        raise InvalidInput(
            "There is no content with this digest.",
            details=[ErrorDetail(field=f"{place}/digest", message=message)],
        )
    read = await blobs.get(digest) if found.size <= MOST_CONTENT else b""
    return Incoming(digest, found.size, read, uploaded=True)
