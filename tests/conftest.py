"""What every test can use: the event loop's backend, and which tests are slow."""

import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from tests.support.blob_stores import moto_server, rclone_server

# Folders whose tests start processes, servers or browsers; `make check` leaves them out.
_SLOW = {"e2e", "docs_run"}


# A busy machine is no fault of the code: tests have no limits on time.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


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


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Run moto's S3 server."""
    with moto_server() as url:
        yield url


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run `rclone serve s3`."""
    with rclone_server(tmp_path_factory.mktemp("rclone")) as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in the slow folders."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in _SLOW:
            item.add_marker(pytest.mark.slow)
