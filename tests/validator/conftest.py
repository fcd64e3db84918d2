"""A store and two validators as real processes, for schemas that users register."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.http import Http
from tests.support.servers import ServerProcess

SECONDS, MEMORY, LONGEST_LINE, ITEMS = 2, 2**28, 2_000, 50


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for data and logs."""
    return tmp_path_factory.mktemp("schemas")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[ServerProcess]:
    """Run artifact-store."""
    settings = {"DATA_DIR": str(folder / "store")}
    process = ServerProcess("quaestor_artifact_store", "ARTIFACT_STORE", settings, folder / "s.log")
    process.start()
    yield process
    process.end()


def validator(folder: Path, **settings: str) -> ServerProcess:
    """Give a validator with small limits, not started."""
    given = {
        "WORKER_TIME_LIMIT_S": str(SECONDS),
        "WORKER_MEMORY_BYTES": str(MEMORY),
        "MAX_LINE_BYTES": str(LONGEST_LINE),
        "MAX_BATCH_ITEMS": str(ITEMS),
        "BATCH_TIME_LIMIT_S": "6",
        **settings,
    }
    return ServerProcess("quaestor_validator", "VALIDATOR", given, folder / "v.log")


@pytest.fixture(scope="module")
def validators(folder: Path, store: ServerProcess) -> Iterator[list[ServerProcess]]:
    """Run two validators that share the store."""
    started = [validator(folder, ARTIFACT_STORE_URL=store.url) for _ in range(2)]
    for process in started:
        process.start()
    yield started
    for process in started:
        process.end()


@pytest.fixture(scope="module")
def api(validators: list[ServerProcess]) -> Http:
    """Give a client of the first validator."""
    return Http(validators[0].url)
