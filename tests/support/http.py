"""A plain HTTP client that sends exactly what it is told."""

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

__all__ = ["Http", "Reply"]


class Reply(NamedTuple):
    """A status, the headers in lower case, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        """Give the data of a success."""
        assert self.json["success"] is True, self.body
        return self.json["data"]

    @property
    def error(self) -> Any:
        """Give the error of a failure in the one error shape."""
        envelope = self.json
        assert envelope["success"] is False
        assert set(envelope["error"]) >= {"code", "message", "details", "correlation_id"}
        assert envelope["error"]["correlation_id"] == self.headers["x-correlation-id"]
        return envelope["error"]


class Http:
    """Sends requests to one server, each on a connection of its own."""

    def __init__(self, url: str, api_key: str | None = None) -> None:
        self._address = urlsplit(url).netloc
        self._key = api_key

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; JSON bodies get their content type, bytes get none."""
        sent = {} if self._key is None else {"Authorization": f"Bearer {self._key}"}
        content: bytes | None = None
        if isinstance(body, bytes):
            content = body
        elif body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(self._address, timeout=30)
        try:
            connection.request(method, path, body=content, headers={**sent, **(headers or {})})
            reply = connection.getresponse()
            names = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, names, reply.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        """Send a GET; header names are written with underscores."""
        return self.send("GET", path, headers=_named(headers))

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        """Send a POST; header names are written with underscores."""
        return self.send("POST", path, body=body, headers=_named(headers))

    def turn(self, session: str, *lines: str, **headers: str) -> Reply:
        """Take a turn of typed lines."""
        return self.post(f"/v1/sessions/{session}/turns", {"text": "\n".join(lines)}, **headers)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
