"""The whole system as four real processes, on free loopback ports, under a folder of its own."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.http import Http

from quaestor_cli.supervisor import Running, running

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run gateway and services for all tests of a worker."""
    with running(tmp_path_factory.mktemp("var")) as started:
        yield started


@pytest.fixture(scope="session")
def api(system: Running) -> Http:
    """Give a client of the gateway that has the key."""
    return Http(system.url, system.api_key)


@pytest.fixture
def feature() -> str:
    """Give a feature that no other test uses."""
    return f"feature-{next(_numbers)}"


@pytest.fixture
def session(api: Http, feature: str) -> str:
    """Give the id of a new session."""
    created: Any = api.post("/v1/sessions", {"feature_id": feature})
    assert created.status == 201, created.body
    session_id: str = created.data["id"]
    return session_id


@pytest.fixture
def answered(api: Http, session: str) -> str:
    """Give the id of a session that can be finalized."""
    from tests.support.interviews import COMPLETE

    reply = api.turn(session, *(f"{number}: {text}" for number, text in COMPLETE.items()))
    assert reply.status == 200, reply.body
    assert reply.data["refused"] == []
    return session
