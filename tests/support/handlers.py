"""A service of handlers of every kind, and what a client sees of its replies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from litestar import Litestar, Request, Response, Router, get, head, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Stream

from quaestor_shared.asgi_types import Message, Scope
from quaestor_shared.errors import Conflict
from quaestor_shared.service.app import Service, build_service
from quaestor_shared.service.bodies import StrictBody

__all__ = ["Header", "exchange", "handlers_of_every_kind"]

CORRELATION = (b"x-correlation-id", b"0123456789abcdef")
Header = tuple[bytes, bytes]
Seen = tuple[int, list[Header], bytes]


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


class Thing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body."""

    name: str
    size: Annotated[int, msgspec.Meta(ge=0)] = 0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A reply: what a handler was given, in words."""

    said: str


def stamp(
    if_match: Annotated[str | None, HeaderParameter(name="If-Match")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=9)] = 3,
) -> str:
    """Give a header and a parameter that the handler may take too."""
    return f"{if_match}/{limit}"


async def digest(request: Request[Any, Any, Any], state: State, mark: NamedDependency[str]) -> str:
    """Read the body once more, and give it with what another dependency gave."""
    return f"{await request.body()!r} {state.services['word']} {mark}"


@get("/ask/{name:str}")
async def ask(
    name: FromPath[str],
    word: NamedDependency[str],
    colour: Annotated[Colour, QueryParameter()] = Colour.RED,
    limit: Annotated[int, QueryParameter(name="most", ge=1, le=200)] = 10,
    near: Annotated[bool | None, QueryParameter()] = None,
    tag: Annotated[str | None, HeaderParameter(name="If-None-Match", max_length=9)] = None,
) -> Told:
    """Take parameters of each kind."""
    return Told(said=repr((name, word, colour, limit, near, tag)))


@get("/needs")
async def needs(must: Annotated[int, QueryParameter()]) -> Told:
    """Take a parameter without a default."""
    return Told(said=repr(must))


@post("/put", dto=StrictBody[Thing], return_dto=None, request_max_body_size=200)
async def put(
    data: JSONBody[Thing], both: NamedDependency[str], mark: NamedDependency[str]
) -> Response[Told]:
    """Take a body, and dependencies of which one reads it too."""
    headers = {"Location": "/put/é", "ETag": '"1"'}
    return Response(Told(said=repr((data, both, mark))), status_code=202, headers=headers)


@post("/plain", sync_to_thread=False)
def plain(kind: Annotated[str, QueryParameter()] = "text") -> Response[Any]:
    """Answer in other forms than JSON; the function is none to wait for."""
    replies: dict[str, Callable[[], Response[Any]]] = {
        "text": lambda: Response("ümläut", media_type="text/plain"),
        "bytes": lambda: Response(b"<p>", media_type="text/html"),
        "typed": lambda: Response(b"x", headers={"Content-Type": "text/markdown"}),
        "none": lambda: Response(None, status_code=204),
        "same": lambda: Response(b"", status_code=304, headers={"ETag": '"1"'}),
        "stream": lambda: Stream(iter([b"a", b"b"]), media_type="text/plain"),
        "cookie": lambda: Response(b"", cookies={"a": "b"}),
        "list": lambda: Response([Told(said="1")]),
    }
    return replies[kind]()


@get("/bad")
async def bad(how: Annotated[str, QueryParameter()] = "known") -> Told:
    """Fail."""
    if how == "known":
        raise Conflict("No.", headers={"Retry-After": "7"})
    raise RuntimeError(how)


@head("/ask/{name:str}")
async def look(name: FromPath[str]) -> Response[None]:
    """Answer with headers alone."""
    return Response(None, headers={"X-Name": name})


@get("/many")
async def many(each: Annotated[list[str] | None, QueryParameter()] = None) -> Told:
    """Take a parameter more than once: there is no plan for that."""
    return Told(said=repr(each))


HANDLERS = (ask, needs, put, plain, bad, look, many)


def handlers_of_every_kind() -> Service:
    """Make a service of these handlers."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        app.state.services = {"word": "w"}
        yield

    provided = {"mark": Provide(stamp, sync_to_thread=False), "both": Provide(digest)}
    return build_service(
        name="test",
        title="test",
        version="1",
        routes=[Router(path="/", route_handlers=HANDLERS, dependencies=provided)],
        lifespan=lifespan,
        services=("word",),
        max_body=300,
    )


def exchange(
    service: Service,
    method: str,
    target: str,
    headers: list[Header],
    chunks: list[bytes],
    root: str = "",
) -> Seen:
    """Send a request, its body in chunks, and give what a client sees of the reply."""
    path, _, query = target.partition("?")
    hosts = [value for name, value in headers if name == b"host"]
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode(),
        "root_path": root,
        "scheme": "http",
        "http_version": "1.1",
        "headers": [CORRELATION, *headers, *([] if hosts else [(b"host", b"test")])],
        "server": ("test", 80),
        "client": ("test", 1),
        "extensions": {},
    }
    left = [*chunks]
    sent: list[Message] = []
    done = asyncio.Event()

    async def receive() -> Message:
        if left:
            body = left.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(left)}
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            done.set()

    async def run() -> None:
        async with service.lifespan():
            await asyncio.wait_for(service(scope, receive, send), 10)

    asyncio.run(run())
    return _as_seen(sent)


def _as_seen(messages: list[Message]) -> Seen:
    """Give what a client sees of messages."""
    first, *rest = messages
    body = b"".join(message.get("body", b"") for message in rest)
    # Litestar lists the methods of an address in any order.
    headers = [(n, bytes(sorted(v)) if n == b"allow" else v) for n, v in first["headers"]]
    return first["status"], sorted(headers), body
