"""Runs one service under uvicorn, with the settings that every service of ours runs with."""

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import Any, cast

import uvicorn

from quaestor_shared.asgi_types import ASGIApp
from quaestor_shared.service.closing import closing

__all__ = ["PARENT_PIPE", "run"]

# A supervisor gives each child the reading end of a pipe that it never writes to. When the
# supervisor ends, however it ends, the pipe closes and the child ends too: no orphan stays.
PARENT_PIPE = "QUAESTOR_PARENT_PIPE"
_CANNOT_START = 3


def run(
    app: str | ASGIApp, *, host: str, port: int, listening: socket.socket | None = None
) -> None:
    """Serve an app, or `module:attribute`, until a signal ends it; exits with 3 if it cannot start.

    With a socket that is `listening` already, host and port are its own. `X-Forwarded-For` is not
    believed, and uvicorn's own access log is off: ours has the correlation id.
    """
    if (descriptor := os.environ.get(PARENT_PIPE)) is not None:
        threading.Thread(target=_end_with_parent, args=(int(descriptor),), daemon=True).start()
    server = _Server(
        uvicorn.Config(
            app if isinstance(app, str) else cast("Any", app),
            host=host,
            port=port,
            proxy_headers=False,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    )
    with suppress(KeyboardInterrupt):  # which the server raises again after it has stopped
        server.run(sockets=None if listening is None else [listening])
    if not server.started:
        sys.exit(_CANNOT_START)


class _Server(uvicorn.Server):
    """A server that tells of its end before it waits for the answers that are under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell, then stop."""
        closing()
        await super().shutdown(sockets)


def _end_with_parent(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
