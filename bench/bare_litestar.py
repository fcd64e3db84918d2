"""A Litestar app with one route: `python -m bench.bare_litestar <port>`."""

import sys

import uvicorn
from litestar import Litestar, get


@get("/health/live")
async def live() -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}


app = Litestar([live], logging_config=None)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_config=None)
