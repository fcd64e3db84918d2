"""Any process may be killed after a reply: the session goes on where the reply left it."""

import signal
from collections.abc import Iterator

import pytest
from tests.support.http import Http
from tests.support.interviews import COMPLETE

from quaestor_cli.supervisor import Running, running


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a system that this test may hurt."""
    with running(tmp_path_factory.mktemp("var")) as started:
        yield started


@pytest.mark.parametrize("name", ["artifact-store", "design-api", "validator", "gateway"])
def test_kill(own: Running, name: str) -> None:
    """SIGKILL after each acknowledged turn loses nothing, whichever process it hits."""
    api = Http(own.url, own.api_key)
    session = api.post("/v1/sessions", {"feature_id": "crash-test"}).data["id"]
    for number, text in list(COMPLETE.items())[:6]:
        reply = api.turn(session, f"{number}: {text}")
        assert reply.status == 200, reply.body
        own.kill(name, signal.SIGKILL)
        own.wait_ready()
        after = api.get(f"/v1/sessions/{session}").data
        assert after["version"] == reply.data["version"]
        assert number in [answer["question"] for answer in after["answers"]]


def test_finalize_survives(own: Running) -> None:
    """What Finalize acknowledged is there after every process was killed."""
    api = Http(own.url, own.api_key)
    session = api.post("/v1/sessions", {"feature_id": "crash-test"}).data["id"]
    api.turn(session, *(f"{number}: {text}" for number, text in COMPLETE.items()))
    outcome = api.turn(session, "Finalize").data["finalization"]
    for name in ("artifact-store", "design-api", "validator", "gateway"):
        own.kill(name, signal.SIGKILL)
    own.wait_ready()
    for file in outcome["files"]:
        assert api.get(file["url"]).body.decode() == file["content"]
    again = api.post(f"/v1/sessions/{session}/finalizations", None)
    assert (again.status, again.data["files"]) == (200, outcome["files"])
