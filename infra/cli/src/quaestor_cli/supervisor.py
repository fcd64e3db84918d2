"""Gateway and services as four real processes on loopback, kept alive until the end."""

import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from quaestor_cli.access import api_key_for, hashes_with, url_of
from quaestor_cli.processes import CannotStart, Process, free_port, port_to_use
from quaestor_gateway.domain.keys import NewKey

__all__ = ["Running", "running"]

_MODULES = {
    "artifact-store": "quaestor_artifact_store",
    "validator": "quaestor_validator",
    "design-api": "quaestor_design_api",
    "gateway": "quaestor_gateway",
}
_PATIENCE = 60.0  # seconds for all to be ready
_ENOUGH = 2  # refusals to start, after which another try would not help


class Running:
    """A running system: where it answers, a key that it takes, and its processes.

    `key_passes` says that the key is good for this run alone.
    """

    def __init__(
        self, url: str, api_key: str, processes: dict[str, Process], *, key_passes: bool
    ) -> None:
        self.url = url
        self.api_key = api_key
        self.processes = processes
        self.key_passes = key_passes

    def kill(self, name: str, signal_number: int) -> None:
        """Send a signal to one process and wait until it is gone."""
        process = self.processes[name].running
        process.send_signal(signal_number)
        process.wait()

    def wait_ready(self) -> None:
        """Wait until the gateway and all services are ready. Raises CannotStart if they are not."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if _is_ready(self.url):
                for process in self.processes.values():
                    process.refusals = 0
                return
            for name, process in self.processes.items():
                if process.refusals >= _ENOUGH:
                    raise CannotStart(f"{name} does not start: {process.last_words()}")
            time.sleep(0.02)
        raise CannotStart(f"not ready after {_PATIENCE:.0f} s")


@contextmanager
def running(
    data_dir: Path, *, host: str = "127.0.0.1", port: int = 0, console: Console | None = None
) -> Iterator[Running]:
    """Start all processes, wait until they are ready, keep them alive, and stop them at the end.

    Without a port the gateway gets a free one. With a console it tells what happens. Raises
    CannotStart when a service does not come up, UsageError for a port that is taken.
    """
    ports = {name: free_port("127.0.0.1") for name in _MODULES}
    ports["gateway"] = port_to_use(host, port)
    key, passing = api_key_for(data_dir)
    reading, writing = os.pipe()
    processes: dict[str, Process] = {}
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(processes, over, console), daemon=True)
    try:
        for name, environ in _environments(data_dir, host, ports, passing).items():
            log = data_dir / "logs" / f"{name}.log"
            processes[name] = Process(name, _MODULES[name], environ, log, reading)
        url = url_of(host, ports["gateway"])
        system = Running(url, key, processes, key_passes=passing is not None)
        keeper.start()
        if console is not None:
            with console.status("starting gateway and three services"):
                system.wait_ready()
            for name in _MODULES:
                address = f"http://127.0.0.1:{ports[name]}  pid {processes[name].pid}"
                console.print(f"  [green]✓[/] {name:15} {address}", highlight=False)
        else:
            system.wait_ready()
        yield system
    finally:
        over.set()
        if keeper.ident is not None:
            keeper.join()  # so that it starts nothing again behind our back
        _stop(processes)
        os.close(writing)
        os.close(reading)


def _environments(
    data_dir: Path, host: str, ports: dict[str, int], passing: NewKey | None
) -> dict[str, dict[str, str]]:
    def prefixed(service: str, **settings: object) -> dict[str, str]:
        return {f"QUAESTOR_{service}_{n.upper()}": str(value) for n, value in settings.items()}

    urls = {
        f"{name.replace('-', '_')}_url": f"http://127.0.0.1:{number}"
        for name, number in ports.items()
        if name != "gateway"
    }
    behind = {name: url for name, url in urls.items() if not name.startswith("design")}
    store, gateway = data_dir / "artifact-store", data_dir / "gateway"
    given = os.environ.get("QUAESTOR_GATEWAY_KEY_HASHES", "")
    return {
        "artifact-store": prefixed(
            "ARTIFACT_STORE", host="127.0.0.1", port=ports["artifact-store"], data_dir=store
        ),
        "validator": prefixed(
            "VALIDATOR",
            host="127.0.0.1",
            port=ports["validator"],
            artifact_store_url=urls["artifact_store_url"],
        ),
        "design-api": prefixed("DESIGN_API", host="127.0.0.1", port=ports["design-api"], **behind),
        "gateway": prefixed(
            "GATEWAY",
            host=host,
            port=ports["gateway"],
            data_dir=gateway,
            key_hashes=hashes_with(given, passing),
            **urls,
        ),
    }


def _keep(processes: dict[str, Process], over: threading.Event, console: Console | None) -> None:
    """Start again whatever dies, until the end is announced."""
    while not over.wait(0.05):
        for process in processes.values():
            if not over.is_set() and process.revive() and console is not None:
                console.print(f"  [yellow]![/] {process.name} had died and was started again")


def _stop(processes: dict[str, Process]) -> None:
    """End the gateway first, so that nothing new comes in while the others finish."""
    for name in reversed(list(processes)):
        processes[name].stop()
    for process in processes.values():
        process.wait(10)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as reply:  # noqa: S310
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
