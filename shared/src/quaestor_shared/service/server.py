"""Runs one service under uvicorn, with the settings that every service of ours runs with."""

import os
import signal
import threading
from typing import Any, cast

import uvicorn

from quaestor_shared.asgi_types import ASGIApp

__all__ = ["PARENT_PIPE", "run"]

# A supervisor gives each child the reading end of a pipe that it never writes to. When the
# supervisor ends, however it ends, the pipe closes and the child ends too: no orphan stays.
PARENT_PIPE = "QUAESTOR_PARENT_PIPE"


def run(app: str | ASGIApp, *, host: str, port: int) -> None:
    """Serve an app, or `module:attribute`, until a signal ends it.

    `X-Forwarded-For` is not believed, and uvicorn's own access log is off: ours has the
    correlation id.
    """
    if (descriptor := os.environ.get(PARENT_PIPE)) is not None:
        threading.Thread(target=_end_with_parent, args=(int(descriptor),), daemon=True).start()
    uvicorn.run(
        app if isinstance(app, str) else cast("Any", app),
        host=host,
        port=port,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _end_with_parent(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
