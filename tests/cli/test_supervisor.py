"""Four processes that are kept alive, end together, and tell one story in their logs."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.support.http import Http

from quaestor_cli.processes import CannotStart
from quaestor_cli.supervisor import running

pytestmark = pytest.mark.slow
NAMES = ("artifact-store", "validator", "design-api", "gateway")
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PATIENCE = 30.0

# Starts a system, tells its processes' ids, and waits to be killed.
PARENT = """
import sys, threading
from pathlib import Path
from quaestor_cli.supervisor import running
with running(Path(sys.argv[1])) as system:
    print(*(process.pid for process in system.processes.values()), flush=True)
    threading.Event().wait()
"""


def alive(pid: int) -> bool:
    """Say whether a process runs; one that ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition: Any) -> bool:
    """Wait for a condition, and say whether it came true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def descriptors() -> set[str]:
    """Give the open descriptors of this process."""
    return {file.name for file in Path("/proc/self/fd").iterdir()}


def logged(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every log line with the name of the service whose file it is in."""
    for name in NAMES:
        for line in (folder / "logs" / f"{name}.log").read_text().splitlines():
            yield name, json.loads(line)


def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    """Whichever process dies, it is started again, the terminal says so, and none is left."""
    out = io.StringIO()
    with running(tmp_path, console=Console(file=out, width=200)) as system:
        first = {name: system.processes[name].pid for name in NAMES}
        for name in NAMES:
            assert f"pid {first[name]}" in out.getvalue()
            system.kill(name, signal.SIGKILL)
            system.wait_ready()
            assert until(lambda name=name: f"{name} had died" in out.getvalue())
        second = {name: system.processes[name].pid for name in NAMES}
        assert not set(first.values()) & set(second.values())
        assert Http(system.url, system.api_key).get("/v1/sessions").status == 200
    assert not any(alive(pid) for pid in [*first.values(), *second.values()])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_orphan(tmp_path: Path) -> None:
    """When the supervisor is killed with SIGKILL, its processes end too."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout as stdout:
        pids = [int(pid) for pid in stdout.readline().split()]
    assert len(pids) == len(NAMES)
    assert all(map(alive, pids))
    parent.kill()
    parent.wait()
    assert until(lambda: not any(map(alive, pids)))


def test_what_does_not_start_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that refuses to start ends the attempt with its name and its reason."""
    monkeypatch.setenv("QUAESTOR_VALIDATOR_MAX_BODY_BYTES", "many")
    with (
        pytest.raises(CannotStart, match=r"validator does not start: .*MAX_BODY_BYTES") as caught,
        running(tmp_path),
    ):
        pass
    assert caught.value.exit_code == 3


def test_keys_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first key stays good; a later run's key is good in that run, beside given hashes."""
    monkeypatch.setenv("QUAESTOR_GATEWAY_KEY_HASHES", "")
    with running(tmp_path) as system:
        first = system.api_key
        assert system.key_passes is False
        assert Http(system.url, first).get("/v1/sessions").status == 200
    with running(tmp_path) as system:
        second = system.api_key
        assert system.key_passes is True
        assert [Http(system.url, key).get("/v1/sessions").status for key in (first, second)] == [
            200,
            200,
        ]
    with running(tmp_path) as system:
        assert Http(system.url, first).get("/v1/sessions").status == 200
        assert Http(system.url, second).get("/v1/sessions").status == 401


def test_one_story_in_all_logs(tmp_path: Path) -> None:
    """Every hop of a request logs its correlation id and its duration; none logs bodies or keys."""
    correlation, words = "story-of-one-request", "PurpleElephant"
    with running(tmp_path) as system:
        api = Http(system.url, system.api_key)
        session = api.post("/v1/sessions", {"feature_id": "logged"}).data["id"]
        reply = api.send(
            "POST",
            f"/v1/sessions/{session}/turns",
            body={"text": f"1.1: {words}"},
            headers={"X-Correlation-Id": correlation, "traceparent": TRACE},
        )
        assert reply.status == 200
        assert reply.headers["x-correlation-id"] == correlation
        key = system.api_key
    lines = [(name, line) for name, line in logged(tmp_path) if line["event"] == "request"]
    hops = [(name, line) for name, line in lines if line.get("correlation_id") == correlation]
    assert {name for name, _ in hops} == {"gateway", "design-api", "artifact-store"}
    assert all(line["duration_ms"] >= 0 and line["service"] == name for name, line in hops)
    (author,) = {line["principal"] for _, line in hops}
    assert author == "first"
    everything = "".join((tmp_path / "logs" / f"{name}.log").read_text() for name in NAMES)
    assert words not in everything
    assert key not in everything
    assert key.split("_", 2)[2] not in everything
    assert not re.search(r"[Bb]earer|X-API-Key", everything)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_stopped_system_leaves_nothing_open(tmp_path: Path) -> None:
    """Starting and stopping leaves no descriptor open in this process."""
    before = descriptors()
    with running(tmp_path):
        pass
    after = descriptors()
    assert len(after - before) <= 1  # the listing's own
