"""A receiver of webhooks: a real HTTP server that answers as a test tells it to."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

__all__ = ["Receiver", "Seen", "receiving"]


class Seen(NamedTuple):
    """What came: the headers in lower case, the body, and the path."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def event(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


class Receiver:
    """Notes what comes, and answers with the next of `answers`, or with 204.

    An answer is a status, or a status and headers; None never comes.
    """

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[Seen] = []
        self.answers: deque[int | tuple[int, dict[str, str]] | None] = deque()
        self.always: int | None = 204
        self.ended = threading.Event()
        self._came = threading.Condition()

    def take(self, seen: Seen) -> int | tuple[int, dict[str, str]] | None:
        """Note a request, and say what to answer."""
        with self._came:
            self.seen.append(seen)
            self._came.notify_all()
            return self.answers.popleft() if self.answers else self.always

    def wait(self, number: int, timeout: float = 30) -> list[Seen]:
        """Give what came, once it is so much."""
        with self._came:
            enough = self._came.wait_for(lambda: len(self.seen) >= number, timeout)
            assert enough, f"{len(self.seen)} of {number} came"
            return list(self.seen)

    def settle(self, seconds: float) -> int:
        """Give how many came after a while in which more could have come."""
        time.sleep(seconds)
        return len(self.seen)


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """Run a receiver on a loopback port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Answer as the receiver says."""
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.take(Seen(headers, body, self.path))
            if answer is None:
                receiver.ended.wait(30)
                self.close_connection = True
                return
            status, more = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
