"""What the gateway answers itself: the merged document and its page."""

from functools import lru_cache
from importlib import resources
from typing import Any

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quaestor_gateway.documents import Documents
from quaestor_shared.errors import NotFound

__all__ = ["ROUTES"]

_TYPES = {
    "docs.js": "text/javascript",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAFE = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@get("/openapi.json", operation_id="openapi", include_in_schema=False)
async def openapi(documents: NamedDependency[Documents]) -> dict[str, Any]:
    """Give the OpenAPI 3.1 document of everything behind this gateway."""
    return await documents.merged()


@get("/docs", media_type=MediaType.HTML, include_in_schema=False)
async def docs() -> Response[bytes]:
    """Show the document as a page, without a request to any other host."""
    return Response(_file("docs.html"), media_type="text/html", headers=_SAFE)


@get("/docs/{name:str}", include_in_schema=False)
async def docs_part(name: FromPath[str]) -> Response[bytes]:
    """Give a part of the page."""
    if name not in _TYPES:
        raise NotFound("There is nothing at this address.")
    headers = {**_SAFE, "Cache-Control": "public, max-age=86400"}
    return Response(_file(name), media_type=_TYPES[name], headers=headers)


@lru_cache
def _file(name: str) -> bytes:
    return (resources.files("quaestor_gateway") / "static" / name).read_bytes()


ROUTES = (openapi, docs, docs_part)
