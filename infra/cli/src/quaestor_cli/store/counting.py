"""How far a long command is: a line that moves on a terminal, and a sum at the end."""

from collections import Counter
from types import TracebackType

import click
from rich.console import Console
from rich.filesize import decimal
from rich.status import Status

__all__ = ["Counting"]


class Counting:
    """Counts contents by what became of them. Where nobody watches, only the sum is shown."""

    def __init__(self, doing: str) -> None:
        self.counts: Counter[str] = Counter()
        self._doing = doing
        self._bytes = 0
        console = Console(stderr=True)
        self._status = Status(f"{doing} ...", console=console) if console.is_terminal else None

    def __enter__(self) -> "Counting":
        """Begin."""
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Show the sum; also of what was done before a failure."""
        if self._status is not None:
            self._status.stop()
        if kind is None:
            click.echo(self._sum())
        elif self.counts:
            click.echo(f"{self._sum()} until it failed")

    def count(self, what: str, size: int) -> None:
        """Count a content of so many bytes."""
        self.counts[what] += 1
        self._bytes += size
        if self._status is not None:
            self._status.update(f"{self._doing}: {self._sum()}")

    def say(self, line: str) -> None:
        """Show a line that stays."""
        click.echo(line)

    def _sum(self) -> str:
        parts = [f"{number} {what}" for what, number in sorted(self.counts.items())]
        return f"{', '.join(parts) or 'no contents'} ({decimal(self._bytes)})"
