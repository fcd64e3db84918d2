"""A handler that is called directly answers as one that Litestar calls."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.routes import HTTPRoute
from tests.support.handlers import Header, exchange, handlers_of_every_kind

import quaestor_artifact_store.app
import quaestor_artifact_store.settings
import quaestor_design_api.app
import quaestor_design_api.settings
import quaestor_gateway.app
import quaestor_gateway.settings
import quaestor_validator.app
import quaestor_validator.settings
from quaestor_shared.asgi_types import ASGIApp
from quaestor_shared.service import app as service_app
from quaestor_shared.service.app import Service
from quaestor_shared.service.direct.plans import plan_of


class Undirected:
    """What stands in for DirectCalls where Litestar is to call each handler."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, *connection: Any) -> None:
        """Do nothing besides."""
        await self.app(*connection)


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Service, Service]]:
    """Give the service, and the same where Litestar calls the handlers."""
    with pytest.MonkeyPatch.context() as patch:
        direct = handlers_of_every_kind()
        patch.setattr(service_app, "DirectCalls", Undirected)
        yield direct, handlers_of_every_kind()


def same(both: tuple[Service, Service], *request: Any) -> None:
    """Send a request to both; their replies have to be the same."""
    direct, other = (exchange(each, *request) for each in both)
    assert direct == other


GETS = [
    "/ask/a",
    "/ask/a%20b?colour=blue&most=7&near=true",
    "/ask/a?most=7&most=8",
    "/ask/a?most=0",
    "/ask/a?most=x&colour=green",
    "/ask/a?most=",
    "/ask/a?near=maybe",
    "/ask/a?other=1&colour=r%65d",
    "/ask/a?colour=%00",
    "/ask/a?colour=%ff",
    "/ask/\0",
    "/ask/a/",
    "//ask//a",
    "ask/a",
    "*",
    "/",
    "/ask",
    "/needs",
    "/needs?must=1",
    "/needs?must=1.5",
    "/bad",
    "/bad?how=unknown",
    "/many?each=1&each=2",
    "/nothing",
    "/put",
    "/health/live",
    "/openapi/openapi.json",
]


@pytest.mark.parametrize("target", GETS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading(both: tuple[Service, Service], method: str, target: str) -> None:
    """Parameters and faults in them, unknown addresses and methods are answered the same."""
    same(both, method, target, [], [b""])


@pytest.mark.parametrize(
    "tags", [[b"a"], [b"a", b"b"], [b""], [b"far too long"], [b"\xe9"], [b"x" * 2_000]]
)
def test_headers(both: tuple[Service, Service], tags: list[bytes]) -> None:
    """Headers, twice and out of bounds too, are answered the same."""
    headers = [(b"if-none-match", tag) for tag in tags]
    same(both, "GET", "/ask/a", headers, [b""])


@pytest.mark.parametrize("hosts", [[b"a b"], [b"[::1]:80"], [b""], [b"a", b"a/b"], [b"\xff"]])
def test_hosts(both: tuple[Service, Service], hosts: list[bytes]) -> None:
    """A host that cannot be one is refused the same."""
    same(both, "GET", "/ask/a", [(b"host", each) for each in hosts], [b""])


@pytest.mark.parametrize("root", ["/base", "/base/"])
@pytest.mark.parametrize("path", ["/ask/a", "/base/ask/a"])
def test_below_another_path(both: tuple[Service, Service], root: str, path: str) -> None:
    """An application that is mounted below a path answers the same."""
    same(both, "GET", path, [], [b""], root)


@pytest.mark.parametrize(
    "kind", ["text", "bytes", "typed", "none", "same", "stream", "cookie", "list", "unknown"]
)
def test_replies(both: tuple[Service, Service], kind: str) -> None:
    """Replies of each form have the same status, headers and body."""
    same(both, "POST", f"/plain?kind={kind}", [], [b""])


JSON = (b"content-type", b"application/json")
GOOD = b'{"name": "x", "size": 4}'
LONG = b'{"name": "' + b"x" * 300 + b'"}'


@pytest.mark.parametrize("length", ["announced", "unknown"])
@pytest.mark.parametrize(
    ("headers", "chunks"),
    [
        ([JSON], [GOOD]),
        ([JSON], [GOOD[:5], GOOD[5:]]),
        ([JSON], [b""]),
        ([JSON], [b"{}"]),
        ([JSON], [b'{"name": 1, "size": -1, "more": 0}']),
        ([JSON], [b"nonsense"]),
        ([JSON], [LONG]),
        ([JSON], [LONG[:150], LONG[150:]]),
        ([JSON, (b"content-encoding", b"gzip")], [GOOD]),
        ([(b"content-type", b"text/plain")], [GOOD]),
        ([(b"content-type", b"application/json; charset=latin-1")], [GOOD]),
        ([], [GOOD]),
        ([JSON, (b"if-match", b'"7"')], [GOOD]),
    ],
)
@pytest.mark.parametrize("target", ["/put", "/put?limit=5", "/put?limit=10"])
def test_bodies(
    both: tuple[Service, Service],
    target: str,
    headers: list[Header],
    chunks: list[bytes],
    length: str,
) -> None:
    """Bodies, and what is wrong with them, are answered the same, and a dependency reads them."""
    if length == "announced":
        headers = [*headers, (b"content-length", str(len(b"".join(chunks))).encode())]
    same(both, "POST", target, headers, chunks)


@pytest.mark.parametrize("length", [b"1", b"24", b"x", b"-1", b"9" * 20])
def test_a_body_that_is_not_as_long_as_it_says(
    both: tuple[Service, Service], length: bytes
) -> None:
    """A size that is wrong, or none, is answered the same."""
    headers = [JSON, (b"content-length", length)]
    same(both, "POST", "/put", headers, [LONG])


def test_what_was_read_before_is_read_the_same_again(both: tuple[Service, Service]) -> None:
    """Remembered parameters are those of the same text alone."""
    for target in ("/ask/a?most=7", "/ask/b?most=7", "/ask/a?most=8", "/ask/a?most=7"):
        same(both, "GET", target, [], [b""])


def test_which_handlers_have_a_plan() -> None:
    """All handlers of ours have one, but for two with rare parameters."""
    services = [
        quaestor_artifact_store.app.create_app(quaestor_artifact_store.settings.Settings()),
        quaestor_design_api.app.create_app(quaestor_design_api.settings.Settings()),
        quaestor_gateway.app.create_app(quaestor_gateway.settings.Settings()),
        quaestor_validator.app.create_app(quaestor_validator.settings.Settings()),
    ]
    without = {
        f"{method} {route.path}"
        for service in services
        for route in service.inner.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS" and plan_of(handler) is None
    }
    assert without == {
        "GET /v1/events",
        "PUT /v1/journals/{journal_id:str}/snapshots/{version:int}",
    }
