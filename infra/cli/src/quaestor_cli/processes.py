"""One service as a real process: how it is started, and started again when it dies."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

from quaestor_cli import exit_codes
from quaestor_shared.service.server import PARENT_PIPE

__all__ = ["CannotStart", "Process", "free_port", "listen", "port_to_use"]

_LONGEST_PAUSE = 5.0  # seconds between two starts of a service that keeps dying
_STEADY = 10.0  # seconds after which a start counts as a success
_UVICORN_GAVE_UP = "Application startup failed. Exiting."


class _LogLine(msgspec.Struct):
    event: str


class CannotStart(click.ClickException):
    """The system does not come up; says why."""

    exit_code = exit_codes.UNREACHABLE


def free_port(host: str) -> int:
    """Give a port that nobody listens on now."""
    return port_to_use(host, 0)


def port_to_use(host: str, port: int) -> int:
    """Give the port, or a free one for 0. Raises UsageError where nothing can listen there."""
    with listen(host, port) as probe:
        number: int = probe.getsockname()[1]
        return number


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address; 0 takes a free port. Raises UsageError where nothing can."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.UsageError(
            f"nothing can listen on {host}, port {port}: {reason}. "
            "Choose another with --host and --port; port 0 takes a free one."
        ) from error


class Process:
    """A service's process: `python -m <module>` with its settings, its log in a file."""

    def __init__(
        self, name: str, module: str, environ: Mapping[str, str], log: Path, parent_pipe: int
    ) -> None:
        self.name = name
        self._module = module
        self._environ = {**os.environ, **environ}
        self._log = log
        self._pipe = parent_pipe
        self._started = 0.0
        self._pause = 0.1
        self.refusals = 0
        self.running = self._start()

    @property
    def pid(self) -> int:
        """Give the id of the process that runs now."""
        return self.running.pid

    def revive(self) -> bool:
        """Start the process again if it has died and its pause is over; say whether it was."""
        if self.running.poll() is None:
            return False
        alive = time.monotonic() - self._started
        if alive > _STEADY:
            self._pause = 0.1
        if alive < self._pause:
            return False
        # An exit status of its own, not a signal: it read its settings and would not start.
        self.refusals += self.running.returncode > 0
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        self.running = self._start()
        return True

    def last_words(self) -> str:
        """Give what its log says last: why it did not start."""
        for line in reversed(self._log.read_text("utf-8", "replace").splitlines()):
            try:
                said = msgspec.json.decode(line, type=_LogLine).event
            except msgspec.DecodeError:
                said = line.strip()
            if said and said != _UVICORN_GAVE_UP:
                return said
        return "it says nothing"

    def stop(self) -> None:
        """Ask the process to end."""
        if self.running.poll() is None:
            self.running.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end, and enforce it."""
        try:
            self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        self._started = time.monotonic()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        inherits = os.name == "posix"  # elsewhere a pipe cannot be handed on like this
        pipe = {PARENT_PIPE: str(self._pipe)} if inherits else {}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", self._module],
                env={**self._environ, **pipe},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self._pipe,) if inherits else (),
                # Ctrl-C on the terminal is for the supervisor, which ends the others in order.
                start_new_session=True,
            )
