"""Runs one service under uvicorn, with the settings that every service of ours runs with."""

import uvicorn

__all__ = ["run"]


def run(app: str, *, host: str, port: int) -> None:
    """Serve `module:attribute` until a signal ends it.

    `X-Forwarded-For` is not believed, and uvicorn's own access log is off: ours has the
    correlation id.
    """
    uvicorn.run(
        app,
        host=host,
        port=port,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
