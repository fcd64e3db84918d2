"""Lines out of chunks of bytes, of bounded length and in constant memory."""

from typing import NamedTuple

__all__ = ["Line", "Lines"]


class Line(NamedTuple):
    """A line, counted from 1, without its end; None for one that was too long to keep."""

    number: int
    content: bytes | None


class Lines:
    """Cuts a stream into lines that end with LF or CRLF. Blank ones count and are left out."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._number = 1
        self._rest = bytearray()
        self._too_long = False

    def feed(self, chunk: bytes) -> list[Line]:
        """Take a chunk in, and give the lines that it completes."""
        lines: list[Line] = []
        *complete, rest = chunk.split(b"\n")
        for part in complete:
            self._keep(part)
            lines += self._end()
        self._keep(rest)
        return lines

    def last(self) -> list[Line]:
        """Give the line that the stream ended in, if it has anything."""
        return self._end()

    def _keep(self, part: bytes) -> None:
        if len(self._rest) + len(part) > self._longest:
            self._rest.clear()
            self._too_long = True
        elif not self._too_long:
            self._rest += part

    def _end(self) -> list[Line]:
        content = None if self._too_long else bytes(self._rest).strip(b" \t\r")
        line = Line(self._number, content)
        self._number += 1
        self._too_long = False
        self._rest.clear()
        return [line] if content != b"" else []
