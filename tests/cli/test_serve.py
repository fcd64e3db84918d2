"""`quaestor serve` as it is typed: what it prints works when pasted, and it ends when told."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.http import Http

pytestmark = pytest.mark.slow
SERVE = [sys.executable, "-c", "from quaestor_cli.main import main; main()", "serve"]
ONE_PROCESS: list[str] = []
PROCESSES = ["--processes"]


class Served:
    """A `quaestor serve` that has said where it is."""

    def __init__(self, process: "subprocess.Popen[str]", said: str) -> None:
        self.process = process
        self.said = said
        self.url = found(r"answers at (\S+)", said)
        self.key = found(r"API key: (qst_\S+)", said)
        self.lines = [line for line in said.splitlines() if line.startswith(("SESSION=", "curl"))]

    def end(self, number: int) -> int:
        """Send a signal and give the exit status."""
        self.process.send_signal(number)
        return self.process.wait(30)


def found(pattern: str, text: str) -> str:
    """Give what a pattern's group matches."""
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Served]:
    """Run the command until the end of the block; its words go through a file, as in a pipe."""
    command = [*SERVE, "--port", "0", "--data-dir", str(folder / "var"), *options]
    with (folder / "err.txt").open("ab") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    with process.stdout as stdout:
        timer = threading.Timer(60, process.kill)  # ends the reading below, should it say nothing
        timer.start()
        try:
            said: list[str] = []
            for line in stdout:
                said.append(line)
                if line.startswith("curl") and line.rstrip().endswith("/$SESSION"):
                    break
            timer.cancel()
            assert said, (folder / "err.txt").read_text()
            yield Served(process, "".join(said))
        finally:
            timer.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)


@pytest.mark.parametrize("options", [ONE_PROCESS, PROCESSES], ids=["one process", "processes"])
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_printed_lines_work(tmp_path: Path, options: list[str]) -> None:
    """The three curl lines, pasted into a shell, start a session, take a turn, and read it."""
    with serving(tmp_path, *options) as served:
        assert len(served.lines) == 3
        script = "\n".join(f"{line}\necho" for line in served.lines)
        for _ in range(2):  # pasted again they go on with the session that is there
            shell = subprocess.run(
                ["bash", "-ec", script], capture_output=True, text=True, check=True, timeout=60
            )
            _, turn, session = shell.stdout.split("\n")[:3]
            assert '"success":true' in turn
            assert '"question":"1.1"' in session
        assert found(r"docs: (\S+)\)", served.said) == f"{served.url}/docs"
        assert Http(served.url).get("/docs").status == 200
        assert served.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("options", [ONE_PROCESS, PROCESSES], ids=["one process", "processes"])
def test_says_how_long_the_key_is_good(tmp_path: Path, options: list[str]) -> None:
    """The first key stays and is said to; the next start's key passes and is said to."""
    with serving(tmp_path, *options) as served:
        first = served.key
        assert "it stays good" in served.said
        assert served.end(signal.SIGINT) == 0
    with serving(tmp_path, *options) as served:
        assert "good until this stops" in served.said
        for key in (first, served.key):
            assert Http(served.url, key).get("/v1/sessions").status == 200
    # The operator's terminal is told of keys; standard error, which is kept, is not.
    for key in (first, served.key):
        assert key not in (tmp_path / "err.txt").read_text()


@pytest.mark.parametrize("options", [ONE_PROCESS, PROCESSES], ids=["one process", "processes"])
def test_a_taken_port(tmp_path: Path, options: list[str]) -> None:
    """A port that is taken is named, no key is made, and the status is that of usage."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        command = [*SERVE, "--port", port, "--data-dir", str(tmp_path / "var"), *options]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"port {port}" in run.stderr
    assert not (tmp_path / "var").exists()
