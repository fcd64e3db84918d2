"""Text in Markdown and back, so that what is written into a document can be found in it again.

`escape` makes any one-line text stand in CommonMark (https://spec.commonmark.org/0.31.2/) as
itself; `plain` gives back what a reader sees. For every text t: `plain(escape(t))` is t with its
white space folded.
"""

import re

__all__ = ["code", "escape", "fence", "fold", "plain"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~!])")
_LEADING = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def fold(text: str) -> str:
    """Fold every run of white space into one space."""
    return " ".join(text.split())


def escape(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    escaped = _SPECIAL.sub(r"\\\1", fold(text))
    return _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)


def code(text: str) -> str:
    """Write a text as a code span, with as many backticks as it needs."""
    text = fold(text)
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(text: str, language: str) -> str:
    """Write a text as a fenced block that nothing inside it can end."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text.rstrip(chr(10))}\n{ticks}\n"


def plain(markdown: str) -> str:
    """Give the text that a reader of the document sees, its white space folded."""
    parts: list[str] = []
    end = 0
    for span in _CODE.finditer(markdown):
        parts += [_ESCAPED.sub(r"\1", markdown[end : span.start()]), _span_text(span[2])]
        end = span.end()
    parts.append(_ESCAPED.sub(r"\1", markdown[end:]))
    return fold("".join(parts))


def _span_text(inner: str) -> str:
    padded = inner.startswith(" ") and inner.endswith(" ") and inner.strip()
    return inner[1:-1] if padded else inner
