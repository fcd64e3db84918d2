"""A client of event streams that reads as slowly as a test wants."""

import http.client
import json
from collections.abc import Iterator
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

__all__ = ["Message", "Stream"]


class Message(NamedTuple):
    """A message of a stream: its fields, and its data read as JSON, where it has any."""

    fields: dict[str, str]
    data: Any


class Stream:
    """A GET that accepts an event stream, on a connection of its own."""

    def __init__(self, url: str, path: str = "/v1/events", **headers: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", path, headers={"Accept": "text/event-stream", **sent})
        self.reply = self._connection.getresponse()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.reply.close()
        self._connection.close()

    def messages(self) -> Iterator[Message]:
        """Give message after message, until the stream ends."""
        fields: dict[str, str] = {}
        while line := self.reply.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
                continue
            data = json.loads(fields["data"]) if "data" in fields else None
            yield Message(fields, data)
            fields = {}

    def events(self, number: int) -> list[Any]:
        """Give so many events."""
        found: list[Any] = []
        messages = self.messages()
        while len(found) < number:
            data = next(messages).data
            if data is not None:
                found.append(data)
        return found
