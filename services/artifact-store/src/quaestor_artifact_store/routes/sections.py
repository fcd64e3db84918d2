"""Sections of a document over HTTP, each owned by who writes to it."""

from litestar import Response, Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quaestor_artifact_store.domain.conditions import read_condition
from quaestor_artifact_store.routes.once import OnceOnly
from quaestor_artifact_store.service.files import FileService
from quaestor_shared.contracts.sections import PutSection, SectionEnvelope, SectionListEnvelope
from quaestor_shared.contracts.versions import VersionEnvelope
from quaestor_shared.service.bodies import StrictBody
from quaestor_shared.service.parameters import IfMatch
from quaestor_shared.service.replies import meta

__all__ = ["ROUTER"]

Files = NamedDependency[FileService]
_OF_VERSION = "/v1/artifacts/{artifact_id:str}/versions/{expression:str}/sections"


@get(_OF_VERSION, operation_id="list-sections")
async def list_sections(
    artifact_id: FromPath[str], expression: FromPath[str], files: Files
) -> SectionListEnvelope:
    """List the sections of a version, in the order of the document."""
    found = await files.sections(artifact_id, expression)
    return SectionListEnvelope(data=found, meta=meta())


@get(f"{_OF_VERSION}/{{owner:path}}", operation_id="read-section")
async def read_section(
    artifact_id: FromPath[str], expression: FromPath[str], owner: FromPath[str], files: Files
) -> SectionEnvelope:
    """Read the section whose heading is its owner's."""
    section = await files.section(artifact_id, expression, owner[1:])
    return SectionEnvelope(data=section, meta=meta())


@put(
    "/v1/artifacts/{artifact_id:str}/sections/{owner:path}",
    operation_id="put-section",
    dto=StrictBody[PutSection],
    return_dto=None,
)
async def put_section(
    artifact_id: FromPath[str],
    owner: FromPath[str],
    data: JSONBody[PutSection],
    files: Files,
    once: OnceOnly,
    if_match: IfMatch = None,
) -> Response[VersionEnvelope]:
    """Replace an owner's section, or append it, as a new version; every other byte stays."""
    condition = read_condition(if_match, None)
    version = await files.put_section(artifact_id, owner[1:], data, once, condition)
    return Response(
        VersionEnvelope(data=version, meta=meta()),
        status_code=201 if version.created else 200,
        headers={"ETag": f'"{version.digest}"'},
    )


ROUTER = Router(
    path="/", tags=["sections"], route_handlers=[list_sections, read_section, put_section]
)
