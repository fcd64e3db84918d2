"""What every test can use: the event loop's backend, and which tests are slow."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Folders whose tests start processes, servers or browsers; `make check` leaves them out.
_SLOW = {"e2e", "docs_run"}


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio, as the services run."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _postgresql_ends() -> Iterator[None]:
    """End the PostgreSQL server of this run, where a test asked for one."""
    yield
    support = sys.modules.get("tests.support.postgres")
    if support is not None:
        support.end_server()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in the slow folders."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in _SLOW:
            item.add_marker(pytest.mark.slow)
