"""An application of ours on a real socket, in a thread of the test's own process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn

from quaestor_shared.asgi_types import ASGIApp

__all__ = ["serving"]


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application, its lifespan included, on a free port, and give its URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        cast("Any", app), lifespan="on", log_config=None, access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(15)
        listening.close()
