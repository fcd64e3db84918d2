"""What several test files of the gateway run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gateway.harness import KEY, Gateway, Origin
from tests.support.http import Http


@pytest.fixture
def networked(tmp_path: Path) -> Iterator[tuple[Http, Origin]]:
    """Run a gateway in front of an origin that the test may hurt."""
    behind = Origin()
    behind.start()
    front = Gateway(tmp_path, behind.url, in_process=False)
    front.start()
    yield Http(front.url, KEY.text), behind
    front.stop()
    behind.stop()
