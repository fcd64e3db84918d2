"""A gateway in this process, and a service behind it in another."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast

import uvicorn
from tests.gateway.origin import origin
from tests.support.servers import free_port

from quaestor_gateway.app import create_app
from quaestor_gateway.key_file import new_key
from quaestor_gateway.settings import Settings

__all__ = ["KEY", "Gateway", "Origin"]

KEY = new_key("ada")


class Origin:
    """The service behind, as a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        program = [sys.executable, str(Path(__file__).with_name("origin.py")), str(self.port)]
        self._process = subprocess.Popen(program, env=os.environ)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("the origin does not listen")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Gateway:
    """A gateway in a thread of this process, on a real socket."""

    def __init__(self, folder: Path, url: str, *, in_process: bool, patience_s: float = 1) -> None:
        settings = Settings(
            data_dir=str(folder),
            key_hashes=f"{KEY.kept.id}:{KEY.kept.hash}",
            design_api_url=url,
            validator_url=url,
            artifact_store_url=url,
            max_body_bytes=8_000_000,
            max_blob_bytes=12_000_000,
            upstream_timeout_s=patience_s,
        )
        names = ("design-api", "validator", "artifact-store")
        app = create_app(settings, dict.fromkeys(names, origin) if in_process else None)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            cast("Any", app), lifespan="on", log_config=None, access_log=False, server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def start(self) -> None:
        """Start serving."""
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the gateway did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
