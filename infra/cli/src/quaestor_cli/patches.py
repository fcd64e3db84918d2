"""Differences of a file, as `patch -p1` and `git apply` take them."""

import difflib

from rich.console import Console
from rich.text import Text

__all__ = ["patch", "show_patch"]

_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"})


def patch(name: str, before: str, after: str) -> str:
    """Write a unified difference; empty where there is none. Only LF ends a line of it."""
    lines = difflib.unified_diff(
        _lines(before),
        _lines(after),
        _name("a", name),
        _name("b", name),
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def show_patch(console: Console, difference: str) -> None:
    """Show a difference to a person, in colours, no line folded."""
    for number, line in enumerate(difference.split("\n")[:-1]):
        style = "bold" if number < 2 else _STYLES.get(line[:1], "")  # the names
        shown = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line.rstrip("\r"))
        console.print(Text(shown, style=style), soft_wrap=True)


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    return [*(f"{part}\n" for part in parts[:-1]), *filter(None, parts[-1:])]


def _name(side: str, name: str) -> str:
    """Write a name as git does: quoted where it has to be, with a tab behind one with spaces."""
    whole = f"{side}/{name.lstrip('/')}"
    quoted = whole.translate(_ESCAPES)
    if quoted != whole:
        return f'"{quoted}"'
    return f"{whole}\t" if " " in whole else whole
