"""Over HTTP or in the same process, a call behaves the same."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import msgspec
import pytest
from tests.support.echo import Seen, app, served

from quaestor_shared.client.asgi import AsgiTransport
from quaestor_shared.client.http import HttpTransport
from quaestor_shared.client.service_client import ServiceClient, path
from quaestor_shared.client.transport import Transport
from quaestor_shared.contracts.errors import ErrorCode, ErrorDetail
from quaestor_shared.errors import QuaestorError, Unavailable, VersionMismatch
from quaestor_shared.telemetry import context


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A body to send."""

    text: str


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Give the URL of the app."""
    with served() as address:
        yield address


Use = Callable[[Transport], Awaitable[Any]]


@pytest.fixture(params=["http", "asgi"])
def using(request: pytest.FixtureRequest) -> Callable[[Use], Any]:
    """Run a scenario over one of the transports, and close it."""

    async def run(use: Use) -> Any:
        over_http = request.param == "http"
        transport: Transport = (
            HttpTransport(request.getfixturevalue("url")) if over_http else AsgiTransport(app)
        )
        try:
            return await use(transport)
        finally:
            await transport.close()

    if request.param == "http":
        request.getfixturevalue("url")
    return lambda use: asyncio.run(run(use))


def call(using: Callable[[Use], Any], method: str, target: str, **more: Any) -> Any:
    """Make one typed call."""
    return using(lambda t: ServiceClient(t, service="test").call(method, target, Seen, **more))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_request_arrives_as_it_was_sent(using: Callable[[Use], Any], method: str) -> None:
    """Method, body, content type and headers are those that were given."""
    seen = call(using, method, "/x", body=Note(text="\u00e9"), headers={"If-Match": '"7"'})
    assert (seen.method, seen.raw_path, seen.query) == (method, "/x", "")
    assert seen.body.encode("latin-1") == '{"text":"\u00e9"}'.encode()
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["if-match"] == '"7"'


def test_a_path_stays_percent_encoded(using: Callable[[Use], Any]) -> None:
    """What was one segment stays one, and the query keeps its marks."""
    seen = call(using, "GET", path("/x/{}/y", "a/b %\u00e9..", q="1&2=3 +", none=None, n=4))
    assert seen.raw_path == "/x/a%2Fb%20%25%C3%A9../y"
    assert seen.query == "q=1%262%3D3+%2B&n=4"


def test_without_a_body_there_is_no_content_type(using: Callable[[Use], Any]) -> None:
    """A GET says nothing of content."""
    seen = call(using, "GET", "/x")
    assert "content-type" not in seen.headers
    assert seen.body == ""


def test_the_context_of_a_request_goes_along(using: Callable[[Use], Any]) -> None:
    """Correlation id, principal and trace are those of the request being served."""
    trace = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    tokens = (
        (context.correlation_id, context.correlation_id.set("0123456789abcdef")),
        (context.principal, context.principal.set("ada")),
        (context.trace_headers, context.trace_headers.set((trace,))),
    )
    try:
        seen = call(using, "GET", "/x")
    finally:
        for variable, token in tokens:
            variable.reset(token)  # type: ignore[arg-type]  # a tuple of three kinds of variable
    assert seen.headers["x-correlation-id"] == "0123456789abcdef"
    assert seen.headers["x-quaestor-principal"] == "ada"
    assert seen.headers["traceparent"] == trace[1]


def test_a_raw_reply_has_lower_case_header_names(using: Callable[[Use], Any]) -> None:
    """Header names have no case."""
    reply = using(lambda t: ServiceClient(t, service="test").call_raw("GET", "/x"))
    assert reply.status == 200
    assert reply.headers["x-mixed-case"] == "1"


def test_a_megabyte_arrives_whole(using: Callable[[Use], Any]) -> None:
    """Bodies are not cut."""
    seen = call(using, "POST", "/x", body=Note(text="x" * 1_000_000))
    assert len(seen.body) == len('{"text":""}') + 1_000_000


def test_an_error_comes_back_as_the_error_it_was(using: Callable[[Use], Any]) -> None:
    """Status, code, message, details and meta are kept."""
    with pytest.raises(QuaestorError) as caught:
        call(using, "GET", "/conflict")
    error = caught.value
    assert (error.status_code, error.code, error.message) == (409, ErrorCode.CONFLICT, "told")
    assert error.details == (ErrorDetail(field="/a", message="wrong"),)
    assert error.meta == {"k": 1}


def test_a_version_mismatch_has_a_class_of_its_own(using: Callable[[Use], Any]) -> None:
    """So that a caller can load again and retry."""
    with pytest.raises(VersionMismatch) as caught:
        call(using, "GET", "/mismatch")
    assert caught.value.meta == {"current_version": 7}


def test_when_to_come_back_is_passed_on(using: Callable[[Use], Any]) -> None:
    """`Retry-After` of a busy service reaches the client."""
    with pytest.raises(QuaestorError) as caught:
        call(using, "GET", "/busy")
    assert (caught.value.status_code, caught.value.headers) == (503, {"Retry-After": "9"})


@pytest.mark.parametrize("target", ["/defect", "/new-code", "/html", "/wrong-shape", "/no-json"])
def test_nonsense_is_a_bad_gateway(using: Callable[[Use], Any], target: str) -> None:
    """A defect over there, or an answer of another shape, is 502 and says no more."""
    with pytest.raises(Unavailable) as caught:
        call(using, "GET", target)
    assert (caught.value.status_code, caught.value.code) == (502, ErrorCode.UPSTREAM_ERROR)
    assert "told" not in caught.value.message


def test_a_redirect_is_not_followed(using: Callable[[Use], Any]) -> None:
    """A service answers itself, or not at all."""
    reply = using(lambda t: ServiceClient(t, service="test").call_raw("GET", "/redirect"))
    assert (reply.status, reply.headers["location"]) == (302, "/elsewhere")


def test_many_calls_at_once_get_each_its_own_answer(using: Callable[[Use], Any]) -> None:
    """Answers are not mixed up."""

    async def scenario(transport: Transport) -> list[str]:
        client = ServiceClient(transport, service="test")
        calls = (client.call("GET", f"/{number}", Seen) for number in range(150))
        return [seen.raw_path for seen in await asyncio.gather(*calls)]

    assert using(scenario) == [f"/{number}" for number in range(150)]


def test_a_service_that_is_not_there_is_unavailable() -> None:
    """A refused connection is 503 with `Retry-After`, not an exception of the HTTP library."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))

        async def scenario() -> None:
            transport = HttpTransport(f"http://127.0.0.1:{taken.getsockname()[1]}")
            try:
                await transport.send("GET", "/x", [], b"")
            finally:
                await transport.close()

        with pytest.raises(Unavailable) as caught:
            asyncio.run(scenario())
    assert caught.value.status_code == 503
    assert "Retry-After" in caught.value.headers


def test_a_service_that_says_nothing_is_unavailable() -> None:
    """A connection that is taken and not answered ends at the time limit."""
    with socket.create_server(("127.0.0.1", 0)) as silent:

        async def scenario() -> None:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            transport = HttpTransport(url, timeout_s=0.2)
            try:
                await transport.send("GET", "/x", [], b"")
            finally:
                await transport.close()

        with pytest.raises(Unavailable):
            asyncio.run(scenario())
