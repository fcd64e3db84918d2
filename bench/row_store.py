"""What one would write in an afternoon: `python -m bench.row_store <port> <file>`.

A bare Litestar app over SQLite that keeps each content as a row, in a transaction and a sync of its
own. `/contents/held` gives back the last content from memory: the bare stack, nothing behind it.
"""

import hashlib
import sqlite3
import sys
import threading

import uvicorn
from litestar import Litestar, Response, get, post

_OPENING = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_TABLE = "CREATE TABLE IF NOT EXISTS contents (digest TEXT PRIMARY KEY, content BLOB)"


class Rows:
    """One connection, and a lock: SQLite has one writer."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._lock = threading.Lock()
        self.held = b""
        for statement in (*_OPENING, _TABLE):
            self._connection.execute(statement)

    def put(self, content: bytes) -> str:
        """Keep a content, synced."""
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            self._connection.execute("INSERT INTO contents VALUES (?, ?)", (digest, content))
        self.held = content
        return digest

    def get(self, digest: str) -> bytes:
        """Read a content."""
        sql = "SELECT content FROM contents WHERE digest = ?"
        with self._lock:
            content: bytes = self._connection.execute(sql, (digest,)).fetchone()[0]
        return content


def create_app(file: str) -> Litestar:
    """Make the app over a database file."""
    rows = Rows(file)

    @post("/contents", sync_to_thread=True)
    def put(body: bytes) -> dict[str, str]:
        return {"digest": rows.put(body)}

    @get("/contents/{digest:str}", sync_to_thread=True)
    def read(digest: str) -> Response[bytes]:
        return Response(rows.get(digest), media_type="application/json")

    @get("/contents/held")
    async def held() -> Response[bytes]:
        return Response(rows.held, media_type="application/json")

    return Litestar([put, read, held], logging_config=None)


if __name__ == "__main__":
    uvicorn.run(
        create_app(sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=False,
        log_config=None,
    )
