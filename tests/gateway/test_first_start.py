"""A gateway's first start makes a key; nothing but its hash is kept."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.http import Http
from tests.support.servers import ServerProcess, free_port

from quaestor_gateway.app import create_app
from quaestor_gateway.key_file import new_key
from quaestor_gateway.settings import Settings

pytestmark = pytest.mark.slow
SHOWN = re.compile(r"^API key, shown this once: (qst_\S+)$", re.MULTILINE)


@contextmanager
def gateway(folder: Path, **settings: str) -> Iterator[str]:
    """Run a gateway as a process of its own, with no services behind it; give its URL."""
    nobody = f"http://127.0.0.1:{free_port()}"
    urls = {f"{name}_URL": nobody for name in ("DESIGN_API", "VALIDATOR", "ARTIFACT_STORE")}
    given = {"DATA_DIR": str(folder / "data"), **urls, **settings}
    server = ServerProcess("quaestor_gateway", "GATEWAY", given, folder / "gateway.log")
    server.start()
    try:
        yield server.url
    finally:
        server.end()


def test_a_key_is_shown_once(tmp_path: Path) -> None:
    """The first start shows a key past the log, a second one does not; the key is good in both."""
    log = tmp_path / "gateway.log"
    with gateway(tmp_path) as url:
        (key,) = SHOWN.findall(log.read_text())
        assert Http(url, key).get("/v1/sessions").status == 503  # taken, with nobody behind
        assert Http(url, key[:-1] + "?").get("/v1/sessions").status == 401
    with gateway(tmp_path) as url:
        assert Http(url, key).get("/v1/sessions").status == 503
    text = log.read_text()
    assert SHOWN.findall(text) == [key]
    assert text.count(key.split("_", 2)[2]) == 1
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    asked = [line["principal"] for line in lines if line.get("path") == "/v1/sessions"]
    assert asked == ["first", "anonymous", "first"]
    kept = json.loads((tmp_path / "data" / "keys.json").read_text())
    assert [entry["name"] for entry in kept["keys"]] == ["first"]


def test_given_hashes_make_a_key_needless(tmp_path: Path) -> None:
    """With hashes by setting no key is made, shown or kept."""
    key = new_key("given")
    with gateway(tmp_path, KEY_HASHES=f"{key.kept.id}:{key.kept.hash}") as url:
        assert Http(url, key.text).get("/v1/sessions").status == 503
        assert Http(url, new_key("other").text).get("/v1/sessions").status == 401
    assert SHOWN.findall((tmp_path / "gateway.log").read_text()) == []
    assert not (tmp_path / "data").exists()


def test_a_wrong_hash_is_named(tmp_path: Path) -> None:
    """A hash that is none keeps the gateway from starting."""
    with pytest.raises(SystemExit, match="QUAESTOR_GATEWAY_KEY_HASHES: each key hash must be"):
        create_app(Settings(data_dir=str(tmp_path), key_hashes="x:y"))


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/nothing", 401), ("/v1/../x", 404), ("/nothing", 404), ("/docs", 200),
                         ("/openapi.json", 503), ("/health/live", 200), ("/health/ready", 503)],
)  # fmt: skip
def test_without_a_key(lonely: str, path: str, status: int) -> None:
    """Below /v1/ the key comes first; health, document and page are open to all."""
    reply = Http(lonely).get(path)
    assert reply.status == status
    assert reply.headers["x-correlation-id"]
    assert ("www-authenticate" in reply.headers) == (status == 401)
    assert ("retry-after" in reply.headers) == (status == 503)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/docs", 405), ("PUT", "/openapi.json", 405), ("DELETE", "/health/live", 405),
     ("GET", "/docs/other.js", 404), ("GET", "/docs/..%2fkeys.json", 404)],
)  # fmt: skip
def test_wrong_methods_and_places(lonely: str, method: str, path: str, status: int) -> None:
    """What the gateway answers itself has the one error shape, and 405 says what is allowed."""
    reply = Http(lonely).send(method, path)
    assert (reply.status, bool(reply.error["message"])) == (status, True)
    assert ("GET" in reply.headers.get("allow", "")) == (status == 405)


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a gateway with nobody behind."""
    with gateway(tmp_path_factory.mktemp("lonely")) as url:
        yield url
