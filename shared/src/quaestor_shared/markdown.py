"""Text in Markdown and back, so that what is written into a document can be found in it again.

`escape` makes any one-line text stand in CommonMark (https://spec.commonmark.org/0.31.2/) as
itself, with as few backslashes as that takes; `plain` gives back what a reader sees. For every
text t without NUL: `plain(escape(t)) == plain(code(t)) == fold(t)`.
"""

import re
from bisect import bisect_left
from html.entities import html5

__all__ = ["code", "escape", "fence", "fold", "plain"]

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash that would escape what follows
    r"|[`*\[]"  # code, emphasis, links
    r"|<(?=[A-Za-z/!?])"  # tags, comments, autolinks
    r"|&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]*;)"  # character references
    r"|(?<![^\W_])_++|_++(?![^\W_])"  # emphasis, which inside a word `_` cannot be
    r"|(?<=\S)~+|~{2,}"  # strikethrough (GitHub), which a single `~` before a word cannot end
    r"|(?<=\s)#+$"  # the end of a heading
    r"|^(?:#(?=#{0,5}(?:\s|$))|>|=(?==*$)|[-+](?=[\s-]|$))"  # blocks
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_MARK = re.compile(
    r"\\([!-/:-@\[-`{-~])"
    r"|\\(?=\n)"
    r"|(`+)"
    r"|&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]*));"
)
_TICKS = re.compile(r"`+")


def fold(text: str) -> str:
    """Fold every run of white space into one space."""
    return " ".join(text.split())


def escape(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    escaped = _SPECIAL.sub(lambda m: "".join(f"\\{mark}" for mark in m[0]), fold(text))
    return _NUMBERED.sub(r"\1\\\2", escaped)


def code(text: str) -> str:
    """Write a text as a code span, with as many backticks as it needs; nothing for no text."""
    text = fold(text)
    if not text:
        return ""
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str, language: str) -> str:
    """Write a text as a fenced block that nothing inside it can end."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text.rstrip(chr(10))}\n{ticks}\n"


def plain(markdown: str) -> str:
    """Give the text that a reader of one block sees, its white space folded.

    Escapes, code spans and character references are read; the marks of emphasis, links and
    blocks stay, because they are no part of what is looked for.
    """
    runs = _runs_by_length(markdown)
    parts: list[str] = []
    done = 0
    while (mark := _MARK.search(markdown, done)) is not None:
        parts.append(markdown[done : mark.start()])
        seen, done = _read(markdown, mark, runs)
        parts.append(seen)
    parts.append(markdown[done:])
    return fold("".join(parts))


def _runs_by_length(markdown: str) -> dict[int, list[int]]:
    """Find every run of backticks once, so that a thousand open ones take no longer than one."""
    runs: dict[int, list[int]] = {}
    for run in _TICKS.finditer(markdown):
        runs.setdefault(len(run[0]), []).append(run.start())
    return runs


def _read(markdown: str, mark: "re.Match[str]", runs: dict[int, list[int]]) -> tuple[str, int]:
    """Give what a mark shows, and where it ends."""
    escaped, ticks, decimal, hexadecimal, name = mark.groups()
    if ticks is not None:
        closers = runs.get(len(ticks), [])
        index = bisect_left(closers, mark.end())
        if index == len(closers):
            return ticks, mark.end()
        return _span_text(markdown[mark.end() : closers[index]]), closers[index] + len(ticks)
    if escaped is not None:
        return escaped, mark.end()
    if decimal is not None or hexadecimal is not None:
        return _character(int(decimal) if decimal else int(hexadecimal, 16)), mark.end()
    if name is not None:
        return html5.get(f"{name};", mark[0]), mark.end()
    return "", mark.end()


def _character(number: int) -> str:
    valid = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if valid else "\ufffd"


def _span_text(inner: str) -> str:
    inner = inner.replace("\n", " ")
    padded = inner.startswith(" ") and inner.endswith(" ") and inner.strip(" ")
    return inner[1:-1] if padded else inner
